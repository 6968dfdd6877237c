"""Few segments, and few windows stored again."""

from __future__ import annotations

import random

from index.merging import MOST, SMALL, segments_to_merge


def test_small_segments_and_those_no_larger_than_what_comes_join() -> None:
    alive = {"large": 50 * SMALL, "middle": 3 * SMALL, "small": SMALL}
    assert segments_to_merge(alive, alive, 10) == ["small"]
    assert segments_to_merge(alive, alive, 3 * SMALL) == ["small", "middle"]
    assert segments_to_merge(alive, alive, 60 * SMALL) == ["small", "middle", "large"]


def test_a_segment_whose_windows_are_mostly_gone_joins() -> None:
    assert segments_to_merge({"one": 6 * SMALL}, {"one": 10 * SMALL}, 1) == ["one"]
    assert segments_to_merge({"one": 9 * SMALL}, {"one": 10 * SMALL}, 1) == []


def test_a_growing_index_has_few_segments_and_stores_each_window_few_times() -> None:
    rng = random.Random(1)
    segments: dict[str, int] = {}
    stored = added = 0
    for build in range(400):
        new = rng.choice([1, 50, 400, 1500])
        merged = segments_to_merge(segments, segments, new)
        size = new + sum(segments.pop(name) for name in merged)
        segments[str(build)] = size
        stored += size
        added += new
        assert len(segments) <= MOST
    assert sum(segments.values()) == added
    assert stored < 12 * added
