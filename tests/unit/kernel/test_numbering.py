"""Case numbers, query codes and document numbers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yiwang.kernel import numbering
from yiwang.kernel.identifiers.checked import MalformedError
from yiwang.kernel.numbering import NumberingError

CODE = "12441500196720244T3442199806003"
TODAY = date(2026, 11, 21)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
short_numbers = st.builds(
    lambda on, serial: numbering.short_number(on=on, serial=serial),
    days,
    st.integers(1, 10**7),
)


def test_case_number_has_43_characters_like_the_real_ones() -> None:
    number = numbering.case_number(implementation_code=CODE, on=TODAY, serial=37)
    assert number == CODE + "20261121" + "0037"
    assert len(number) == 43


@given(days, st.integers(1, 10**11 - 1))
def test_case_number_grows_past_9999_and_is_read_back(on: date, serial: int) -> None:
    number = numbering.case_number(implementation_code=CODE, on=on, serial=serial)
    assert len(number) <= 50
    parsed = numbering.parse_case_number(number)
    assert (parsed.implementation_code, parsed.on, parsed.serial) == (CODE, on, serial)
    assert parsed.text == number


@pytest.mark.parametrize("serial", [0, -1, 10**11])
def test_case_number_refuses_serials_that_do_not_fit(serial: int) -> None:
    with pytest.raises(NumberingError):
        numbering.case_number(implementation_code=CODE, on=TODAY, serial=serial)


@pytest.mark.parametrize(
    "tail", ["20261121", "20261121001", "202611210000", "2026112100037", "20261321" + "0001"]
)
def test_case_numbers_that_were_never_issued_are_refused(tail: str) -> None:
    with pytest.raises(NumberingError):
        numbering.parse_case_number(CODE + tail)


def test_case_number_with_a_wrong_organ_is_refused() -> None:
    with pytest.raises(MalformedError):
        numbering.parse_case_number("2" + CODE[1:] + "202611210001")


def test_short_number_reads_as_a_day_and_a_serial() -> None:
    assert numbering.short_number(on=TODAY, serial=37) == "26-1121-00037-0"
    assert numbering.short_number(on=TODAY, serial=123456).startswith("26-1121-123456-")


@given(days, st.integers(1, 10**7))
def test_short_number_is_read_back_however_it_is_typed(on: date, serial: int) -> None:
    number = numbering.short_number(on=on, serial=serial)
    full_width = number.translate({ord("-"): "－"} | {48 + n: 0xFF10 + n for n in range(10)})
    for typed in (
        number,
        number.replace("-", ""),
        f" {number} ",
        number.replace("-", " — "),
        full_width,
    ):
        parsed = numbering.parse_short_number(typed)
        assert (parsed.on, parsed.serial) == (on, serial)


@given(short_numbers, st.integers(0, 30), st.sampled_from("0123456789"))
def test_any_single_wrong_digit_of_a_short_number_is_caught(
    number: str, at: int, wrong: str
) -> None:
    digits = number.replace("-", "")
    at %= len(digits)
    assume(digits[at] != wrong)
    with pytest.raises(NumberingError):
        numbering.parse_short_number(digits[:at] + wrong + digits[at + 1 :])


@given(short_numbers, st.integers(0, 30))
def test_any_swap_of_neighbours_in_a_short_number_is_caught(number: str, at: int) -> None:
    digits = number.replace("-", "")
    at %= len(digits) - 1
    assume(digits[at] != digits[at + 1])
    with pytest.raises(NumberingError):
        numbering.parse_short_number(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])


@given(st.text(max_size=30) | st.from_regex(r"[0-9-]{1,30}", fullmatch=True))
def test_any_other_text_is_refused_with_a_chinese_sentence(text: str) -> None:
    try:
        parsed = numbering.parse_short_number(text)
    except NumberingError as error:
        assert "请" in str(error)
    else:
        assert numbering.parse_short_number(parsed.text) == parsed


def test_short_number_refuses_years_that_two_digits_cannot_tell() -> None:
    for on in (date(1999, 12, 31), date(2100, 1, 1)):
        with pytest.raises(NumberingError):
            numbering.short_number(on=on, serial=1)
    with pytest.raises(NumberingError):
        numbering.short_number(on=TODAY, serial=0)


@given(st.binary(min_size=32, max_size=32))
def test_query_code_has_six_digits(random_bytes: bytes) -> None:
    code = numbering.query_code(random_bytes)
    assert len(code) == 6
    assert code.isdigit()


def test_query_code_is_unbiased() -> None:
    fair = 4_294_000_000  # the greatest multiple of a million in four bytes
    assert numbering.query_code((fair - 1).to_bytes(4, "big")) == "999999"
    assert numbering.query_code((0).to_bytes(4, "big")) == "000000"
    refused = fair.to_bytes(4, "big")
    assert numbering.query_code(refused + (42).to_bytes(4, "big")) == "000042"
    for too_little in (refused, b"", b"\x00\x00\x00"):
        with pytest.raises(NumberingError):
            numbering.query_code(too_little)


def test_document_number_has_the_form_of_the_standard() -> None:
    text = numbering.document_number(organ_word="椰桃审", kind_word="食许", year=2026, serial=37)
    assert text == "椰桃审食许〔2026〕37号"


@given(
    st.text(alphabet="椰桃审食许市场监管字受决", min_size=1, max_size=6),
    st.text(alphabet="许受补决A", min_size=1, max_size=4),
    st.integers(1949, 9999),
    st.integers(1, 10**9 - 1),
)
def test_document_number_is_read_back(organ: str, kind: str, year: int, serial: int) -> None:
    text = numbering.document_number(organ_word=organ, kind_word=kind, year=year, serial=serial)
    parsed = numbering.parse_document_number(text)
    assert (parsed.word, parsed.year, parsed.serial) == (organ + kind, year, serial)
    assert parsed.text == text


@pytest.mark.parametrize(
    "typed",
    [
        "椰桃审食许[2026]37号",
        "椰桃审食许（２０２６）３７号",
        "椰桃审食许 〔2026〕 第37号",
        "椰桃审食许【2026】37号",
    ],
)
def test_document_numbers_with_other_brackets_are_understood(typed: str) -> None:
    assert numbering.parse_document_number(typed).text == "椰桃审食许〔2026〕37号"


@pytest.mark.parametrize(
    "typed",
    ["", "椰桃审食许2026年37号", "〔2026〕37号", "椰桃审食许〔26〕37号", "椰审〔2026〕037号"],
)
def test_other_texts_are_no_document_numbers(typed: str) -> None:
    with pytest.raises(NumberingError):
        numbering.parse_document_number(typed)


@pytest.mark.parametrize(
    ("organ", "kind", "year", "serial"),
    [
        ("", "食许", 2026, 1),
        ("椰桃审", "", 2026, 1),
        ("椰桃审2", "食许", 2026, 1),
        ("椰 审", "食许", 2026, 1),
        ("椰桃审", "食许", 26, 1),
        ("椰桃审", "食许", 2026, 0),
    ],
)
def test_document_number_refuses_odd_parts(organ: str, kind: str, year: int, serial: int) -> None:
    with pytest.raises(NumberingError):
        numbering.document_number(organ_word=organ, kind_word=kind, year=year, serial=serial)
