"""实施编码, 电子证照标识 and 行政区划代码."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.identifiers import implementation_code, licence_id, region
from yiwang.kernel.identifiers.checked import MalformedError
from yiwang.kernel.identifiers.implementation_code import CatalogCode, ExerciseLevel
from yiwang.kernel.identifiers.region import RegionLevel

GUANGDONG = "12441500196720244T3442199806003"
XINJIANG = "11650000010183859F2650116013001"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LICENCE = {
    "type_code": "11100000000013127D001",
    "issuer": "12441500196720244T",
    "serial": "A12425GABC1234002",
    "version": "001",
}


def check_by_the_standard(body: str) -> str:
    """ISO/IEC 7064 MOD 37,36 as the standard's pseudo-code has it."""
    p = 36
    for character in body:
        total = (p + ALPHABET.index(character)) % 36 or 36
        p = total * 2 % 37
    return ALPHABET[(37 - p) % 36]


def test_real_implementation_code_is_taken_apart() -> None:
    parsed = implementation_code.parse(XINJIANG)
    assert parsed.organ == "11650000010183859F"
    assert parsed.level is ExerciseLevel.PROVINCE
    assert parsed.catalog == CatalogCode("65", "01", "16", "013", "001")
    assert parsed.text == XINJIANG
    assert not implementation_code.check(XINJIANG).warnings


def test_unknown_item_type_is_a_warning_and_no_error() -> None:
    checked = implementation_code.check(GUANGDONG)
    assert checked.is_valid
    assert checked.found("ITEM_TYPE")
    assert implementation_code.parse(GUANGDONG).catalog.item_type == "21"


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        (XINJIANG[:-1], "LENGTH"),
        (XINJIANG[:18] + "8" + XINJIANG[19:], "LEVEL"),
        ("11650000010183859G" + XINJIANG[18:], "ORGAN_CHECK_CHARACTER"),
        (XINJIANG[:-1] + "-", "CATALOG"),
    ],
)
def test_implementation_code_errors_are_named(code: str, finding: str) -> None:
    assert implementation_code.check(code).errors[0].code == finding
    with pytest.raises(MalformedError):
        implementation_code.parse(code)


@given(st.sampled_from(list(ExerciseLevel)), st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_composed_implementation_codes_are_parsed_back(level: ExerciseLevel, tail: str) -> None:
    code = implementation_code.compose(organ="11650000010183859F", level=level, catalog=tail)
    parsed = implementation_code.parse(code)
    assert (len(code), parsed.level, parsed.catalog.text) == (31, level, tail)


def test_business_item_code_adds_two_characters() -> None:
    code = implementation_code.compose_business_item(XINJIANG, 7)
    assert code == XINJIANG + "07"
    parsed, number = implementation_code.parse_business_item(code)
    assert (parsed.text, number) == (XINJIANG, "07")
    with pytest.raises(MalformedError):
        implementation_code.compose_business_item(XINJIANG, 100)
    with pytest.raises(MalformedError):
        implementation_code.parse_business_item(XINJIANG)


def test_every_level_has_its_own_label() -> None:
    assert [level.label for level in ExerciseLevel][1:4] == ["省级", "市级", "县级"]


@given(st.text(alphabet=ALPHABET, min_size=1, max_size=60))
def test_licence_check_character_follows_the_standard(body: str) -> None:
    made = licence_id.check_character(type_code=body, issuer="", serial="", version="")
    assert made == check_by_the_standard(body)


def test_licence_check_character_agrees_with_the_example_of_iso_7064() -> None:
    assert (
        licence_id.check_character(type_code="A12425GABC", issuer="12", serial="34", version="002")
        == "M"
    )


def test_licence_identifier_is_composed_and_parsed_back() -> None:
    text = licence_id.compose(**LICENCE)
    assert text.startswith("1.2.156.3005.2.11100000000013127D001.12441500196720244T.")
    assert not licence_id.check(text).warnings
    parsed = licence_id.parse(text)
    assert (parsed.serial, parsed.version, parsed.text) == (LICENCE["serial"], "001", text)


def test_wrong_check_character_is_flagged_and_not_rejected_on_import() -> None:
    text = licence_id.compose(**LICENCE)
    wrong = "D" if text[-1] != "D" else "M"
    checked = licence_id.check(text[:-1] + wrong)
    assert checked.is_valid
    assert checked.found("CHECK_CHARACTER")
    assert licence_id.parse(checked.value).check == wrong


def test_lower_case_licence_identifiers_are_the_same() -> None:
    text = licence_id.compose(**LICENCE)
    assert licence_id.check(text.lower()).value == text


def test_own_licences_cannot_be_issued_by_a_wrong_organ_code() -> None:
    with pytest.raises(MalformedError, match="颁发机构"):
        licence_id.compose(**{**LICENCE, "issuer": "12441500196720244U"})


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("1.2.156.3005.3.x", "PREFIX"),
        ("1.2.156.3005.2.a.b", "PARTS"),
        ("1.2.156.3005.2.a.b.c.d.e", "LENGTH"),
        ("1.2.156.3005.2.11100000000013127D001.12441500196720244T..001.1", "CHARACTER"),
    ],
)
def test_licence_identifier_errors_are_named(text: str, finding: str) -> None:
    assert licence_id.check(text).errors[0].code == finding


@pytest.mark.parametrize(
    ("typed", "code", "level"),
    [
        ("460000", "460000", RegionLevel.PROVINCE),
        ("460200", "460200", RegionLevel.CITY),
        ("460202", "460202", RegionLevel.COUNTY),
        ("370402000000", "370402", RegionLevel.COUNTY),
        ("370402101", "370402101", RegionLevel.TOWNSHIP),
        ("370402101000", "370402101", RegionLevel.TOWNSHIP),
        ("370402101203", "370402101203", RegionLevel.VILLAGE),
        ("441900003", "441900003", RegionLevel.TOWNSHIP),
        ("469001", "469001", RegionLevel.COUNTY),
        ("460202000201", "460202000201", RegionLevel.VILLAGE),
    ],
)
def test_level_follows_from_the_zeros(typed: str, code: str, level: RegionLevel) -> None:
    parsed = region.parse(typed)
    assert (parsed.code, parsed.level) == (code, level)


@pytest.mark.parametrize("typed", ["", "46020", "4602020", "46O202", "000000", "060202"])
def test_other_texts_are_no_region_codes(typed: str) -> None:
    assert not region.is_valid(typed)


def test_parent_is_the_nearest_region_that_exists() -> None:
    known = {"460000", "460200", "460202", "370000", "370400", "370402", "370402101", "441900"}
    assert region.parent("370402101203", known) == "370402101"
    assert region.parent("460202198001", known) == "460202"  # no townships in this district
    assert region.parent("460202000201", known) == "460202"
    assert region.parent("441900003", known) == "441900"  # no counties in this city
    assert region.parent("469001", known) == "460000"  # straight under the province
    assert region.parent("460000", known) is None


def test_statistic_only_zones_find_their_city() -> None:
    assert region.possible_ancestors("410471") == ("410400", "410000")


def test_a_region_covers_itself_and_what_lies_inside() -> None:
    assert region.covers("460200", "460202198001")
    assert region.covers("460202", "460202")
    assert not region.covers("460202", "460200")
    assert not region.covers("460202", "460203")


@given(st.from_regex(r"[1-9][0-9]([0-9]{4}|[0-9]{7}|[0-9]{10})", fullmatch=True))
def test_ancestors_lie_strictly_above_and_cover(code: str) -> None:
    parsed = region.parse(code)
    above = region.possible_ancestors(code)
    levels = [region.parse(one).level for one in above]
    assert levels == sorted(set(levels), reverse=True)
    assert all(level < parsed.level for level in levels)
    assert all(region.covers(one, code) for one in above)
    assert region.parse(parsed.code.ljust(12, "0")) == parsed
