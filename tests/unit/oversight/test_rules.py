"""The window of a renewal, the table of a check, and what of a holder leaves the house."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.oversight.domain.periods import before, renewal_window
from yiwang.apps.oversight.domain.publicity import ends_on, public_holder
from yiwang.apps.oversight.domain.states import MACHINE
from yiwang.kernel.calendar import Calendar
from yiwang.kernel.clock import Limit

DAYS = Calendar([], noticed_years=[], version="test")
SOME_DAY = st.dates(date(2000, 1, 1), date(2090, 12, 31))
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=8)
ID = st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True)


@given(SOME_DAY, st.integers(1, 120))
def test_working_days_counted_back_are_those_counted_on(last: date, number: int) -> None:
    day = before(last, Limit.parse(f"{number}wd"), DAYS)
    assert DAYS.working_days(day, last) >= number
    assert DAYS.working_days(day + timedelta(days=1), last) < number


@given(SOME_DAY)
def test_without_a_rule_the_window_is_the_last_sixty_days(last: date) -> None:
    window = renewal_window(last, None, None, DAYS)
    assert (window.opens_on, window.closes_on) == (last - timedelta(days=60), last)
    assert window.opens_on <= window.reminds_on <= window.closes_on


@given(SOME_DAY, st.integers(1, 200), st.integers(1, 200))
def test_a_window_is_never_turned_round(last: date, opens: int, closes: int) -> None:
    window = renewal_window(last, Limit.parse(f"{opens}d"), Limit.parse(f"{closes}d"), DAYS)
    assert window.opens_on <= window.closes_on <= last
    assert window.holds(window.opens_on)
    assert window.holds(window.closes_on)


def test_months_are_counted_back() -> None:
    assert before(date(2026, 3, 31), Limit.parse("1mon"), DAYS) == date(2026, 2, 28)


def test_nothing_is_handed_over_before_an_order_to_rectify() -> None:
    assert MACHINE.find("PENDING", "TRANSFER") is None
    assert MACHINE.find("RECTIFYING", "TRANSFER") is not None
    assert MACHINE.find("RECTIFYING", "RECTIFY") is None


@given(name=CHINESE, number=ID)
def test_of_a_person_no_full_name_and_no_number_leaves(name: str, number: str) -> None:
    for given_name in (name, f"{name}{number}", number, f"{name} {number}"):
        shown = public_holder(is_natural=True, name=given_name, uscc=number)
        text = f"{shown.label}|{shown.uscc}"
        assert given_name not in text
        assert name not in text
        assert not re.search(r"\d{4,}", text)
        assert shown.uscc == ""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三丰", "张*"),
        ("欧阳䶮", "欧阳*"),
        ("古丽娜尔·买买提", "古*·*"),
        ("ELENA IVANOVA", "E* I*"),
    ],
)
def test_names_are_masked_by_their_form(name: str, shown: str) -> None:
    assert public_holder(is_natural=True, name=name, uscc="").label == shown


def test_an_organisation_stands_in_full() -> None:
    found = public_holder(is_natural=False, name="椰城小满餐饮有限公司", uscc="91990102MA0XM00158")
    assert (found.label, found.uscc) == ("椰城小满餐饮有限公司", "91990102MA0XM00158")


def test_five_years_from_a_leap_day() -> None:
    assert ends_on(date(2024, 2, 29), 5) == date(2029, 2, 28)
