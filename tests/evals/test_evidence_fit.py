"""The fit of the evidence: what tells answerable questions apart gets the weight, and floors keep to their shares."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from evals.evidence import Observed, regression


def _observed(count: int, spreads: dict[str, float]) -> Observed:
    """Questions, of which features with a spread tell whether they are answered, the less the wider it is."""
    rng = np.random.default_rng(0)
    answerable = rng.random(count) < 0.7
    names = {"good": None, "noise": None} | spreads
    rows = [
        {name: rng.normal() if spread is None else float(yes) + rng.normal(0, spread) for name, spread in names.items()}
        for yes in answerable
    ]
    return Observed(rows, answerable)


def test_the_feature_that_tells_apart_gets_the_weight_and_floors_refuse_what_they_may():
    own = _observed(200, {"good": 0.3})
    rows, answerable = own.rows, own.answerable
    fitted = regression(own, ("good", "noise"))
    assert fitted["weights"]["good"] > 5 * abs(fitted["weights"]["noise"])
    assert fitted["auroc_left_out"] > 0.9
    floors = fitted["floors"]
    assert floors["eager"] < floors["balanced"] < floors["cautious"]
    logits = [fitted["intercept"] + sum(w * row[name] for name, w in fitted["weights"].items()) for row in rows]
    refused = 1 / (1 + np.exp(-np.array(logits))) < floors["balanced"]
    assert refused[answerable].mean() == pytest.approx(0.05, abs=0.03)
    assert refused[~answerable].mean() > 0.5


def test_questions_beside_say_what_a_feature_weighs_and_the_sets_own_how_much_is_enough():
    own, beside = _observed(200, {"good": 0.5}), _observed(600, {"noise": 0.2})
    alone, together = (regression(own, ("good", "noise"), beside=other) for other in (None, beside))
    assert together["weights"]["noise"] > 3 * abs(alone["weights"]["noise"])
    assert together["questions"] == alone["questions"]
    assert sum(together["beside"]) == 600
    logits = [together["intercept"] + sum(w * row[name] for name, w in together["weights"].items()) for row in own.rows]
    refused = 1 / (1 + np.exp(-np.array(logits))) < together["floors"]["balanced"]
    assert refused[own.answerable].mean() == pytest.approx(0.05, abs=0.03)
