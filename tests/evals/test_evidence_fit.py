"""The fit of the evidence: what tells answerable questions apart gets the weight, and floors keep to their shares."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn")

from evals.evidence import regression


def test_the_feature_that_tells_apart_gets_the_weight_and_floors_refuse_what_they_may():
    rng = np.random.default_rng(0)
    answerable = rng.random(200) < 0.7
    rows = [{"good": float(yes) + rng.normal(0, 0.3), "noise": rng.normal()} for yes in answerable]
    fitted = regression(rows, answerable, ("good", "noise"))
    assert fitted["weights"]["good"] > 5 * abs(fitted["weights"]["noise"])
    assert fitted["auroc_left_out"] > 0.9
    floors = fitted["floors"]
    assert floors["eager"] < floors["balanced"] < floors["cautious"]
    logits = [fitted["intercept"] + sum(w * row[name] for name, w in fitted["weights"].items()) for row in rows]
    refused = 1 / (1 + np.exp(-np.array(logits))) < floors["balanced"]
    assert refused[answerable].mean() == pytest.approx(0.05, abs=0.03)
    assert refused[~answerable].mean() > 0.5
