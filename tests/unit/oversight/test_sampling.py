"""The draw of yesterday's files: reproducible, fair, in proportion."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yiwang.apps.oversight.domain.sampling import Candidate, draw, sample_size

CASES = some.lists(some.tuples(some.integers(1, 10**9), some.sampled_from("abcd")),
                   min_size=1, max_size=60, unique_by=lambda c: c[0])  # fmt: skip


@given(CASES, some.text(max_size=20), some.integers(1, 1000), some.integers(1, 9))
def test_the_same_seed_gives_the_same_sample(
    found: list[tuple[int, str]], seed: str, per_mille: int, minimum: int
) -> None:
    cases = [Candidate(*one) for one in found]
    size = sample_size(len(cases), per_mille, minimum)
    sample = draw(cases, size=size, seed=seed)
    assert sample == draw(list(reversed(cases)), size=size, seed=seed)
    assert len(set(sample)) == size
    assert set(sample) <= {c.case_id for c in cases}


@pytest.mark.row("R167")
def test_each_case_is_equally_likely() -> None:
    cases = [Candidate(n, "rare" if n < 3 else "common") for n in range(40)]
    rounds, size = 4000, 4
    seen = Counter(n for r in range(rounds) for n in draw(cases, size=size, seed=f"s{r}"))
    expected = rounds * size / len(cases)  # 400, its spread about 19
    assert set(seen) == set(range(40))
    assert all(abs(count - expected) < 5 * 19 for count in seen.values()), seen


@given(some.text(max_size=12))
def test_every_kind_is_there_in_proportion(seed: str) -> None:
    cases = [Candidate(n, f"kind-{n % 4}") for n in range(40)]
    sample = draw(cases, size=8, seed=seed)
    kinds = Counter(n % 4 for n in sample)
    assert kinds == {0: 2, 1: 2, 2: 2, 3: 2}


@pytest.mark.parametrize(
    ("number", "size"), [(0, 0), (1, 1), (19, 1), (20, 1), (21, 2), (40, 2), (41, 3), (1000, 50)]
)
def test_five_in_a_hundred_and_at_least_one(number: int, size: int) -> None:
    assert sample_size(number, 50, 1) == size


def test_more_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="2"):
        draw([Candidate(1, "a")], size=2, seed="s")
