"""How well a source supports a written sentence."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.answer import Support
from assistant.function_words import FUNCTION_TERMS
from index.languages import detect_language, script_counts
from index.quantities import is_quantity_term
from index.search_text import search_text
from index.tokens import terms

if TYPE_CHECKING:
    from assistant.writing.claims import Claim
    from assistant.writing.evidence_spans import Evidence
    from index.glossary import Glossary

WEIGHTS = Path(__file__).with_name("support.json")
"""Written by `python -m evals.verification fit`: for a claim in its source's language and for one in another, an
intercept and a weight for each feature; the least scores of "supported" and "weak", the least overlap for the first."""
SAME, OTHER = "same", "other"
"""How the languages of a claim and of its evidence are related."""


def features(claim: Claim, evidence: Evidence, glossary: Glossary, relevance: float) -> dict[str, float]:
    """What the score is computed from.

    `relevance` is the small reader's, which takes the claim for a question that its evidence answers; `similarity`
    (times 100) and `standing` are those of the nearest unit; `overlap` is the share of the claim's terms, its names
    written in the source's language, that stand in the evidence; `quantities` and `names` are 1 when one is missing;
    `loose_names` is the share missing of other names, where the scripts are the same; `denied` is 1 when only the
    claim denies, `affirmed` when only the evidence does; `contrary` counts opposites such as "increase" and "decrease".
    """
    missing = evidence.missing_loose_names(claim) if same_script(claim, evidence) else []
    loose = len(missing) / max(1, len(claim.loose_names))
    return {
        "relevance": relevance,
        "similarity": 100 * evidence.similarity,
        "standing": evidence.standing,
        "overlap": _overlap(claim, evidence, glossary),
        "quantities": float(bool(evidence.missing_quantities(claim))),
        "names": float(bool(evidence.missing_names(claim))),
        "loose_names": loose,
        "denied": float(claim.denials > 0 and evidence.denials == 0),
        "affirmed": float(claim.denials == 0 and evidence.denials > 0),
        "contrary": float(evidence.contrary(claim)),
    }


def relation(claim: Claim, evidence: Evidence) -> str:
    """Whether claim and evidence are in the same language, and can share words; Chinese is one in both scripts."""
    return SAME if detect_language(claim.text) == detect_language(evidence.text) else OTHER


def same_script(claim: Claim, evidence: Evidence) -> bool:
    """Whether a name of one can stand in the other as it is written."""
    return _script(claim.text) == _script(evidence.text)


def support_score(found: dict[str, float], related: str) -> float:
    """Estimate, 0 to 1, that a sentence follows from its evidence: logistic regression on `features`."""
    fitted = _weights()[related]
    logit = fitted["intercept"] + sum(weight * found[name] for name, weight in fitted["weights"].items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def support_state(score: float, related: str, overlap: float) -> Support:
    """The state of a score; where claim and evidence share a language, they must also share words."""
    floors = _weights()[related]["floors"]
    if score >= floors["supported"] and overlap >= floors["overlap"]:
        return Support.SUPPORTED
    return Support.WEAK if score >= floors["weak"] else Support.UNSUPPORTED


def _overlap(claim: Claim, evidence: Evidence, glossary: Glossary) -> float:
    language = "zh" if _script(evidence.text) == "zh" else "en"
    own = {
        term
        for term in terms(search_text(glossary.in_language(claim.text, language)))
        if term not in FUNCTION_TERMS and not is_quantity_term(term)
    }
    held = set(terms(evidence.text)) | set(terms(evidence.context))
    return len(own & held) / len(own) if own else 1.0


def _script(text: str) -> str:
    counts = script_counts(text)
    # Five Latin letters say about as much as one Han character.
    return max(counts, key=lambda name: counts[name] / (5 if name == "latin" else 1)) if counts else ""


@lru_cache(maxsize=1)
def _weights() -> dict[str, Any]:
    return dict(json.loads(WEIGHTS.read_text(encoding="utf-8")))
