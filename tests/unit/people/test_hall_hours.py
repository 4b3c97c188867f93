"""Opening hours: whatever is usual to type is read, and kept in one form."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yiwang.apps.people.domain.hall_hours import SAID, HoursError, normal_hours
from yiwang.apps.people.domain.places import PlaceKind, as_kept, check_parts

NORMAL = "周一至周五 09:00—12:00、13:30—17:00"
FORM = re.compile(
    r"周.(至周.)?(、周.(至周.)?)* \d\d:\d\d—\d\d:\d\d(、\d\d:\d\d—\d\d:\d\d)*"
    r"(;周.(至周.)?(、周.(至周.)?)* \d\d:\d\d—\d\d:\d\d(、\d\d:\d\d—\d\d:\d\d)*)*"
    r"(\([^()]{1,80}\)|\uff08[^()]{1,80}\uff09)?"
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("工作日 9:00-12:00,13:30-17:00", NORMAL),
        ("工作日9:00—12:00、13:30—17:00", NORMAL),
        ("周一到周五:9:00~12:00, 13:30~17:00", NORMAL),
        ("周一到周五\uff1a9\uff1a00\uff5e12\uff1a00\uff0c13\uff1a30\uff5e17\uff1a00", NORMAL),
        ("周一-周五 9:00至12:00,13:30到17:00", NORMAL),
        ("周一至五 9:00 – 12:00 , 13:30——17:00", NORMAL),
        (NORMAL, NORMAL),
        ("每天 8:30-20:00", "周一至周日 08:30—20:00"),
        ("工作日,周六 9:00-12:00", "周一至周五、周六 09:00—12:00"),
        ("工作日 9:00-12:00; 周六 9:00-11:00", "周一至周五 09:00—12:00;周六 09:00—11:00"),
        ("工作日 9:00-12:00 (法定节假日除外)", "周一至周五 09:00—12:00(法定节假日除外)"),
        ("周六 9:00-12:00(一楼)", "周六 09:00—12:00(一楼)"),
        ("周六 9:00-12:00\uff08一楼\uff09", "周六 09:00—12:00\uff08一楼\uff09"),
        ("周六 9:00-12:00\uff1b周日 9:00-11:00", "周六 09:00—12:00;周日 09:00—11:00"),
    ],
)
def test_what_is_usual_to_type_is_read(typed: str, kept: str) -> None:
    assert normal_hours(typed) == kept
    assert as_kept(PlaceKind.HALL, {"hours": f" {typed} "})["hours"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "(法定节假日除外)",
        "工作日",
        "工作日上午",
        "工作日上午 9:00-12:00",
        "周末 9:00-12:00",
        "周八 9:00-12:00",
        "周一至 9:00-12:00",
        "周一、 9:00-12:00",
        "9:00-12:00",
        "工作日 9点到12点",
        "工作日 9-12",
        "工作日 9:00",
        "工作日 9:00-25:00",
        "工作日 9:60-12:00",
        "工作日 9:0-12:00",
        "工作日 9:00-12:00,",
        "工作日 9:00-12:00 13:30-17:00",
        "工作日 9:00-12:00-13:00",
        "工作日 9:00/12:00",
        "工作日 9:00-12:00;",
        "工作日 9:00-12:00(一)(二)",
        "工作日:: 9:00-12:00",
        "工作日 9:00-12:00 电话预约",
        "每天、周六 9:00-12:00",
    ],
)
def test_what_cannot_be_read_gets_the_message(typed: str) -> None:
    with pytest.raises(HoursError) as told:
        normal_hours(typed)
    assert str(told.value) == SAID
    assert as_kept(PlaceKind.HALL, {"hours": typed})["hours"] == typed


@pytest.mark.parametrize(
    "typed", ["周一 12:00-9:00", "周一 9:00-9:00", "周一 9:00-12:00,11:00-13:00"]
)
def test_spans_that_do_not_follow_each_other_are_named(typed: str) -> None:
    with pytest.raises(HoursError, match="前后不对"):
        normal_hours(typed)


TO = some.sampled_from(["-", "–", "—", "~", "\uff5e", "至", "到", " - ", " 至 "])
BETWEEN = some.sampled_from([",", "\uff0c", "、", ", ", " 、"])
DAYS = some.sampled_from(
    [
        ("工作日", "周一至周五"),
        ("每天", "周一至周日"),
        ("周三", "周三"),
        ("周一到周四", "周一至周四"),
    ]
)


@some.composite
def hours(draw: some.DrawFn) -> tuple[str, str]:
    """(as somebody types it, as it is kept)."""
    typed, kept = [], []
    for _ in range(draw(some.integers(1, 3))):
        days, normal_days = draw(DAYS)
        ends = sorted(draw(some.lists(some.integers(0, 1439), min_size=2, max_size=6, unique=True)))
        pairs = list(zip(ends[::2], ends[1::2], strict=False))
        spans = []
        for pair in pairs:
            colon, width = draw(some.sampled_from(":\uff1a")), draw(some.sampled_from([1, 2]))
            first, last = (f"{t // 60:0{width}}{colon}{t % 60:02}" for t in pair)
            spans.append(first + draw(TO) + last)
        between = draw(BETWEEN)
        typed.append(days + draw(some.sampled_from([" ", "", "  "])) + between.join(spans))
        said = (f"{a // 60:02}:{a % 60:02}—{b // 60:02}:{b % 60:02}" for a, b in pairs)
        kept.append(f"{normal_days} {'、'.join(said)}")
    note = draw(some.sampled_from(["", "(法定节假日除外)", "\uff08法定节假日除外\uff09"]))
    return draw(some.sampled_from([";", "\uff1b", "; "])).join(typed) + note, ";".join(kept) + note


@given(hours())
def test_every_way_to_type_it_is_kept_the_same(pair: tuple[str, str]) -> None:
    typed, kept = pair
    assert normal_hours(typed) == kept
    assert normal_hours(kept) == kept


@given(some.text(alphabet="周一五日工作每天至到-—~,\uff0c、;\uff1b:\uff1a ()09123注", max_size=24))
def test_whatever_is_read_has_the_normal_form(text: str) -> None:
    try:
        kept = normal_hours(text)
    except HoursError:
        return
    assert FORM.fullmatch(kept) and normal_hours(kept) == kept


def test_it_is_the_kept_form_that_must_fit() -> None:
    note = f"({'节' * 80})"
    parts = ";".join(["每天0:00-1:00"] * 8)
    typed = f"{parts}{note}"
    assert len(typed) <= 200 < len(normal_hours(typed))
    problems = check_parts(PlaceKind.HALL, {"hours": typed}, is_new=False)
    assert problems["hours"] == "开放时间最多 200 个字。"
