"""统一社会信用代码, 公民身份号码 and the other identity papers."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.identifiers import papers, resident_id, uscc
from yiwang.kernel.identifiers.checked import MalformedError
from yiwang.kernel.identifiers.kinds import PaperKind, Sex

GOOD_USCC = ["12441500196720244T", "91350100M000100Y43", "11650000010183859F"]
GOOD_IDS = ["11010519491231002X", "440524188001010014"]

usccs = st.builds(
    uscc.complete,
    department=st.sampled_from("159N"),
    organ_kind=st.sampled_from("123"),
    region=st.from_regex(r"[1-6][0-9]{5}", fullmatch=True),
    organ_body=st.text(alphabet=uscc.CHARSET, min_size=8, max_size=8),
).filter(uscc.is_valid)


def made_id(address: str, born: date, sequence: int) -> str:
    body = f"{address}{born:%Y%m%d}{sequence:03d}"
    return body + resident_id.check_character(body)


ids = st.builds(
    made_id,
    st.sampled_from(["460202", "370402", "410402", "110105"]),
    st.dates(date(1900, 1, 1), date(2026, 11, 21)),
    st.integers(0, 999),
)


@pytest.mark.parametrize("code", GOOD_USCC)
def test_real_credit_codes_are_valid(code: str) -> None:
    checked = uscc.check(code)
    assert checked.is_valid
    assert checked.warnings == ()
    assert uscc.check_character(code[:17]) == code[17]
    assert uscc.is_valid_organ_code(code[8:17])


@given(usccs, st.integers(0, 17), st.sampled_from(uscc.CHARSET))
def test_any_wrong_character_of_a_credit_code_is_found(code: str, at: int, wrong: str) -> None:
    broken = code[:at] + wrong + code[at + 1 :]
    assert uscc.is_valid(broken) == (broken == code)


def test_credit_code_of_a_village_collective_is_not_turned_away() -> None:
    code = uscc.complete(department="N", organ_kind="2", region="370402", organ_body="MF000001")
    assert uscc.is_valid(code)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "LENGTH"),
        ("12441500196720244", "LENGTH"),
        ("1244150O196720244T", "CHARACTER"),
        ("12A41500196720244T", "REGION"),
        ("12441500196720244U", "CHECK_CHARACTER"),
        ("１２４４１５００１９６７２０２４４²", "CHARACTER"),
    ],
)
def test_credit_code_errors_are_named(typed: str, code: str) -> None:
    assert uscc.check(typed).errors[0].code == code


def test_wrong_organ_code_inside_a_right_credit_code_is_only_a_warning() -> None:
    body = "12441500" + "196720245"
    checked = uscc.check(body + uscc.check_character(body))
    assert checked.is_valid
    assert checked.found("ORGAN_CODE")


def test_organ_code_checks_by_its_own_standard() -> None:
    assert uscc.organ_check_character("D2143569") == "X"
    assert uscc.is_valid_organ_code("D2143569-X")
    assert not uscc.is_valid_organ_code("D2143569-1")


@pytest.mark.parametrize("number", GOOD_IDS)
def test_published_resident_numbers_are_valid(number: str) -> None:
    assert resident_id.is_valid(number)
    assert resident_id.paper_kind(number) is PaperKind.RESIDENT_ID


def test_birth_and_sex_are_read_from_the_number() -> None:
    assert resident_id.birth_on("11010519491231002X") == date(1949, 12, 31)
    assert resident_id.sex("11010519491231002X") is Sex.FEMALE
    assert resident_id.sex("440524188001010014") is Sex.MALE


def test_birth_before_1900_is_a_warning_and_no_error() -> None:
    checked = resident_id.check("440524188001010014")
    assert checked.is_valid
    assert checked.found("BIRTH_BEFORE_1900")
    assert not resident_id.check("11010519491231002X").warnings
    assert not resident_id.check(made_id("460202", date(1900, 1, 1), 1)).warnings
    assert resident_id.check(made_id("460202", date(1899, 12, 31), 1)).warnings


@given(ids, st.integers(0, 17), st.sampled_from("0123456789"))
def test_any_wrong_digit_of_a_resident_number_is_found(number: str, at: int, wrong: str) -> None:
    broken = number[:at] + wrong + number[at + 1 :]
    assert resident_id.is_valid(broken) == (broken == number)


@given(ids, st.integers(0, 16))
def test_any_swap_of_neighbours_in_a_resident_number_is_found(number: str, at: int) -> None:
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert resident_id.is_valid(swapped) == (swapped == number)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105491231002", "OLD_NUMBER"),
        ("11010519491231002", "LENGTH"),
        ("1101051949123100XX", "CHARACTER"),
        ("11010519490231002X", "BIRTH_DATE"),
        ("110105194912310021", "CHECK_CHARACTER"),
    ],
)
def test_resident_number_errors_are_named(number: str, code: str) -> None:
    assert resident_id.check(number).errors[0].code == code
    with pytest.raises(MalformedError):
        resident_id.birth_on(number)


def test_birth_in_the_future_is_an_error_once_today_is_known() -> None:
    number = made_id("460202", date(2026, 11, 22), 1)
    assert resident_id.is_valid(number)
    assert resident_id.check(number, today=date(2026, 11, 21)).found("BIRTH_IN_FUTURE")
    assert resident_id.check(number, today=date(2026, 11, 22)).is_valid


def test_unknown_province_is_a_warning() -> None:
    for province in ("11", "23", "37", "46", "54", "65", "71"):
        assert not resident_id.check(made_id(province + "0101", date(1990, 1, 1), 1)).warnings
    assert resident_id.check(made_id("160000", date(1990, 1, 1), 1)).found("PROVINCE")


def test_old_numbers_are_taken_only_through_from_old() -> None:
    assert not resident_id.is_valid("110105491231002")
    assert resident_id.from_old("110105491231002") == "11010519491231002X"


def test_old_numbers_of_centenarians_belong_to_the_century_before() -> None:
    assert resident_id.birth_on(resident_id.from_old("110105801231998")) == date(1880, 12, 31)


def test_old_number_with_an_impossible_date_is_refused() -> None:
    with pytest.raises(MalformedError, match="出生日期"):
        resident_id.from_old("110105490231002")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("810000", PaperKind.HK_MACAO_RESIDENCE),
        ("820000", PaperKind.HK_MACAO_RESIDENCE),
        ("830000", PaperKind.TAIWAN_RESIDENCE),
        ("911124", PaperKind.FOREIGN_PERMANENT_RESIDENCE),
        ("460202", PaperKind.RESIDENT_ID),
    ],
)
def test_every_eighteen_place_paper_is_told_by_its_address(address: str, kind: PaperKind) -> None:
    number = made_id(address, date(1990, 5, 1), 12)
    assert resident_id.paper_kind(number) is kind
    assert resident_id.check(number).warnings == ()
    assert papers.check(kind, number).is_valid
    others = {
        PaperKind.RESIDENT_ID,
        PaperKind.HK_MACAO_RESIDENCE,
        PaperKind.TAIWAN_RESIDENCE,
        PaperKind.FOREIGN_PERMANENT_RESIDENCE,
    } - {kind}
    for other in others:
        checked = papers.check(other, number)
        assert checked.found("OTHER_KIND")
        assert kind.label in checked.errors[0].message


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (PaperKind.HK_MACAO_PERMIT, "H12345678"),
        (PaperKind.HK_MACAO_PERMIT, "M1234567801"),
        (PaperKind.HK_MACAO_PERMIT, "HA1234567"),
        (PaperKind.TAIWAN_PERMIT, "12345678"),
        (PaperKind.TAIWAN_PERMIT, "0123456789(B)"),
        (PaperKind.PASSPORT, "E12345678"),
        (PaperKind.PASSPORT, "ej1234567"),
        (PaperKind.FOREIGN_PERMANENT_RESIDENCE, "CAN110105010101"),
        (PaperKind.USCC, "91350100m000100y43"),
        (PaperKind.OTHER, "琼军 第123号"),
    ],
)
def test_papers_of_each_kind_pass_and_normalise_to_a_fixed_point(
    kind: PaperKind, number: str
) -> None:
    checked = papers.check(kind, number)
    assert checked.is_valid
    assert papers.check(kind, checked.value) == checked


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        (PaperKind.HK_MACAO_PERMIT, "A12345678"),
        (PaperKind.HK_MACAO_PERMIT, "H1234567"),
        (PaperKind.TAIWAN_PERMIT, "1234567"),
        (PaperKind.PASSPORT, "ABCDEFGH"),
        (PaperKind.PASSPORT, "E1234567八"),
        (PaperKind.FOREIGN_PERMANENT_RESIDENCE, "CAN11010501010"),
        (PaperKind.OTHER, "x" * 51),
        (PaperKind.OTHER, "a\u202eb"),
    ],
)
def test_papers_of_another_form_fail_with_a_chinese_message(kind: PaperKind, number: str) -> None:
    checked = papers.check(kind, number)
    assert not checked.is_valid
    message = checked.errors[0].message
    assert "请" in message
    assert number not in message


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_kind_has_a_label_and_refuses_nothing_at_all(kind: PaperKind) -> None:
    assert kind.label
    assert papers.check(kind, " \u3000\u200b").found("EMPTY")


@given(st.sampled_from(list(PaperKind)), st.text(max_size=40))
def test_checking_papers_never_raises_and_is_idempotent(kind: PaperKind, text: str) -> None:
    checked = papers.check(kind, text)
    assert papers.check(kind, checked.value).value == checked.value


def test_typed_numbers_are_brought_to_half_width_upper_case_without_blanks() -> None:
    typed = "１１０１０５ 1949\u00a01231\u200b-002ｘ"
    assert papers.normalise(PaperKind.RESIDENT_ID, typed) == "11010519491231002X"
    assert papers.check(PaperKind.RESIDENT_ID, typed).is_valid


def test_digits_of_other_scripts_are_not_digits() -> None:
    for digits in ("²", "٣", "①"):
        assert not resident_id.is_valid("1101051949123100" + digits + "X")
    labels = [kind.label for kind in PaperKind]
    assert all(one != other for one, other in itertools.combinations(labels, 2))
