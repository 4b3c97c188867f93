"""The clock strip can be counted by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.foundation.shell.samples import strips
from yiwang.foundation.shell.strip import COUNTING, Box, Mark, Strip, Tone

PLAIN_MARKS = [Mark.COUNTED, Mark.REST, Mark.HOLIDAY, Mark.MAKE_UP, Mark.PAUSED]


def numbered(start: date, marks: list[Mark], today: int) -> Strip:
    """Return a strip whose counted days are numbered from 1, with the today at an index."""
    boxes, ordinal = [], 0
    for at, mark in enumerate(marks):
        ordinal += mark in COUNTING
        number = ordinal if mark in COUNTING else None
        on = start + timedelta(days=at)
        boxes.append(Box(on, mark, number, is_today=at == today, is_future=at > today))
    return Strip(headline="", tone=Tone.CALM, boxes=tuple(boxes))


strip_of_days = st.builds(
    numbered,
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.lists(st.sampled_from(PLAIN_MARKS), min_size=1, max_size=120),
    st.integers(0, 119),
)


@given(strip_of_days)
def test_weeks_hold_every_day_once_in_order_and_under_its_weekday(strip: Strip) -> None:
    cells = [cell for week in strip.weeks for cell in week.cells]
    assert [cell.box for cell in cells] == list(strip.boxes)
    for week in strip.weeks:
        weekdays = [cell.box.on.isoweekday() for cell in week.cells]
        assert weekdays == list(range(weekdays[0], weekdays[-1] + 1))
        assert all(f"col-{cell.box.on.isoweekday()}" in cell.css for cell in week.cells)


@given(strip_of_days)
def test_legend_counts_every_day_exactly_once(strip: Strip) -> None:
    assert sum(days for _, days in strip.legend) == len(strip.boxes)


@given(strip_of_days)
def test_small_bar_never_has_more_than_twenty_pips(strip: Strip) -> None:
    assert len(strip.pips) <= 20


@given(strip_of_days)
def test_small_bar_of_a_short_limit_has_one_pip_for_each_counted_day(strip: Strip) -> None:
    if len(strip.boxes) <= 20:
        counted = [box for box in strip.boxes if box.mark in COUNTING]
        assert len([pip for pip in strip.pips if pip != "paused"]) == len(counted)


@given(strip_of_days)
def test_exactly_one_day_takes_the_keyboard_first(strip: Strip) -> None:
    assert [box.on for box in strip.boxes].count(strip.focus_on) == 1


@given(strip_of_days, st.data())
def test_a_strip_with_a_missing_day_is_refused(strip: Strip, data: st.DataObject) -> None:
    if len(strip.boxes) > 2:
        gap = data.draw(st.integers(1, len(strip.boxes) - 2))
        with pytest.raises(ValueError, match="gap"):
            replace(strip, boxes=strip.boxes[:gap] + strip.boxes[gap + 1 :])


def test_a_strip_whose_numbers_skip_is_refused() -> None:
    first = Box(date(2026, 9, 18), Mark.COUNTED, 1)
    with pytest.raises(ValueError, match="one by one"):
        Strip("", Tone.CALM, (first, Box(date(2026, 9, 19), Mark.COUNTED, 3)))


@pytest.mark.parametrize("mark", [Mark.REST, Mark.HOLIDAY, Mark.PAUSED, Mark.START])
def test_a_day_that_does_not_count_cannot_be_numbered(mark: Mark) -> None:
    with pytest.raises(ValueError, match="cannot be numbered"):
        Strip("", Tone.CALM, (Box(date(2026, 9, 18), mark, 1),))


def test_two_todays_are_refused() -> None:
    days = [Box(date(2026, 9, day), Mark.REST, is_today=True) for day in (19, 20)]
    with pytest.raises(ValueError, match="today"):
        Strip("", Tone.CALM, tuple(days))


def test_overdue_days_are_numbered_from_one_again() -> None:
    boxes = strips()["overdue"].boxes
    assert [box.ordinal for box in boxes if box.mark is Mark.OVERDUE] == [1]


def test_headline_is_split_around_its_figure() -> None:
    assert strips()["calm"].headline_parts == ("剩 ", "5", " 个工作日")
    assert strips()["paused"].headline_parts == ("已停止计时:专家评审", "", "")


@pytest.mark.parametrize("name", ["calm", "resumed", "long"])
def test_headline_of_the_samples_agrees_with_the_count_made_from_the_boxes(name: str) -> None:
    strip = strips()[name]
    assert f"到承诺到期日还有 {strip.headline_parts[1]} 个工作日" in strip.tally


def test_promised_and_statutory_ends_are_both_marked() -> None:
    strip = strips()["calm"]
    flags = {cell.box.on: cell.flag for cell in strip.cells if cell.ends}
    assert flags == {strip.promised_due: "承诺", strip.statutory_due: "法定"}


def test_one_day_that_is_both_ends_says_due_once_and_explains_both() -> None:
    on = date(2026, 9, 18)
    strip = Strip("", Tone.CALM, (Box(on, Mark.DUE, 1),), promised_due=on, statutory_due=on)
    (cell,) = strip.cells
    assert cell.flag == "到期"
    assert "承诺到期日、法定到期日" in cell.sentence


def test_make_up_day_says_that_it_counts_and_why() -> None:
    cell = next(c for c in strips()["calm"].cells if c.box.mark is Mark.MAKE_UP)
    assert cell.sentence == (
        "2026年9月20日 周日:调休上班日(计入)。第 2 个工作日。国务院办公厅放假安排:周末调休上班。"
    )


def test_paused_day_names_its_kind_and_does_not_count() -> None:
    cell = next(c for c in strips()["paused"].cells if c.box.mark is Mark.PAUSED)
    assert "专家评审" in cell.sentence
    assert "。不计入。" in cell.sentence


def test_week_label_crosses_the_month() -> None:
    assert [week.label for week in strips()["calm"].weeks][:3] == [
        "9月17日至20日",
        "9月21日至27日",
        "9月28日至10月4日",
    ]


def test_every_mark_and_tone_has_a_word_and_a_shape() -> None:
    assert all(mark.label and len(mark.sign) == 1 for mark in Mark)
    assert len({tone.icon for tone in Tone}) == len({tone.word for tone in Tone}) == len(Tone)
