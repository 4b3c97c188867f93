"""Rules of ratings: scales at the edge, percentages, parameters, the table of a bad rating."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.ratings.domain.figures import FIGURES, Rate
from yiwang.apps.ratings.domain.handling import MACHINE
from yiwang.apps.ratings.domain.scales import GRADES, Scale, from_number, to_number

BEST_AND_WORST = ("VERY_SATISFIED", "VERY_DISSATISFIED")


def test_the_two_published_scales_run_in_opposite_directions() -> None:
    assert [to_number(grade, Scale.GB_39046) for grade in BEST_AND_WORST] == [1, 5]
    assert [to_number(grade, Scale.PUSH) for grade in BEST_AND_WORST] == [5, 1]
    assert from_number(1, Scale.GB_39046) == from_number(5, Scale.PUSH) == "VERY_SATISFIED"
    assert from_number(2, Scale.PUSH) == "DISSATISFIED", "below 3 is a bad rating on the interface"


@given(st.sampled_from(GRADES), st.sampled_from(list(Scale)))
def test_a_grade_comes_back_from_either_scale(grade: str, scale: Scale) -> None:
    assert from_number(to_number(grade, scale), scale) == grade


@given(st.integers().filter(lambda n: not 1 <= n <= 5), st.sampled_from(list(Scale)))
def test_a_number_outside_the_scale_is_refused(number: int, scale: Scale) -> None:
    with pytest.raises(ValueError, match="1 到 5"):
        from_number(number, scale)


@pytest.mark.row("R171")
def test_a_rate_is_rounded_half_up_and_never_cut() -> None:
    assert Rate(804_598 - 260, 804_598).text == "99.968%"
    assert Rate(1, 16_000).percent == Decimal("0.006"), "0.00625"
    assert Rate(1, 200_000).percent == Decimal("0.001"), "0.0005 goes up"
    assert Rate(0, 0).text == "—"


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_rate_of_a_part_lies_between_nothing_and_all(part: int, more: int) -> None:
    assert 0 <= (Rate(part, part + more).percent or 0) <= 100


def test_nothing_leaves_the_figures_by_the_handling_organ_alone() -> None:
    into = [t for t in MACHINE.transitions if t.target == "EXCLUDED"]
    assert [(t.sources, t.permission) for t in into] == [({"DISPUTED"}, "ratings.review")]
    assert all("second_person" in t.guards for t in into)
    assert len({figure.code for figure in FIGURES}) == 7
