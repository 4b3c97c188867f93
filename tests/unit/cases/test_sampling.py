"""A sample of call-backs can be drawn again by anybody, and no order of the list changes it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.cases.domain.sampling import drawn
from yiwang.kernel.shares import rate

IDS = st.lists(st.integers(1, 10_000), unique=True, max_size=60)


@given(IDS, st.integers(1, 80), st.text(max_size=20), st.randoms())
def test_the_same_seed_draws_the_same_sample_of_the_same_list(
    ids: list[int], size: int, seed: str, shuffling: st.DataObject
) -> None:
    first = drawn(ids, size=size, seed=seed)
    shuffling.shuffle(ids)  # type: ignore[attr-defined]
    assert drawn(ids, size=size, seed=seed) == first
    assert len(first) == min(size, len(ids)) and set(first) <= set(ids)


def test_another_seed_draws_another_sample() -> None:
    ids = range(1, 1001)
    assert drawn(ids, size=20, seed="2026-11") != drawn(ids, size=20, seed="2026-12")


def test_a_draw_is_the_one_it_always_was() -> None:
    assert drawn(range(1, 21), size=5, seed="2026-11") == [2, 6, 9, 18, 20]


def test_rates_are_computed_and_never_without_a_denominator() -> None:
    assert (rate(2, 3), rate(1, 3), rate(40, 40), rate(0, 5), rate(0, 0)) == (
        "66.7 %",
        "33.3 %",
        "100.0 %",
        "0.0 %",
        "—",
    )
