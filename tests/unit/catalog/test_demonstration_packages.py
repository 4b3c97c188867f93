"""The demonstration's packages: forty-five items, each as the law and the list of items say."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.unit.catalog.demonstration import (
    FIGURES,
    FULL,
    PACKAGES,
    STARRED,
    every_own,
    every_package,
    filled,
)

from yiwang.apps.catalog.domain.definition import Definition, LimitFigure
from yiwang.apps.catalog.domain.publishing import problems
from yiwang.apps.catalog.domain.vocabulary import Depth, Mark, ProcedureKind, Regime
from yiwang.apps.catalog.forms import check_form, form_sections
from yiwang.kernel.clock import StartEvent, Unit
from yiwang.kernel.rules import TO_PERSON, check, decide, load


def text_of(figure: LimitFigure | None) -> str:
    return f"{figure.limit} {figure.mark.value}" if figure else ""


def test_there_are_forty_five_packages_named_by_their_codes() -> None:
    assert set(PACKAGES) == set(FIGURES)
    assert {item.code for item in PACKAGES.values()} == set(PACKAGES)
    assert len(PACKAGES) == 45


def test_twelve_are_full_nineteen_standard_and_fourteen_guides() -> None:
    depths = Counter(item.depth.value for item in PACKAGES.values())
    assert depths == {"FULL": 12, "STANDARD": 19, "GUIDE": 14}
    assert {code for code, item in PACKAGES.items() if item.depth is Depth.FULL} == FULL


@every_package
def test_a_package_may_be_published(item: Definition) -> None:
    assert problems(item) == []


@every_package
def test_figures_are_those_of_the_law_with_their_marks(item: Definition) -> None:
    statutory, start, promised, delivery, extension = FIGURES[item.code]
    limits = item.limits
    assert text_of(limits.statutory) == statutory
    assert (limits.statutory.start.value if limits.statutory else "") == start
    assert text_of(limits.promised) == promised
    assert text_of(limits.delivery) == delivery
    found = f"{item.extension.limit} {item.extension.mark.value}" if item.extension else ""
    assert found == extension


@every_package
def test_receipt_follows_the_regime(item: Definition) -> None:
    receipt = item.limits.receipt
    assert receipt.start is StartEvent.RECEIVED
    if item.regime is Regime.PERMIT:
        assert (receipt.limit, receipt.article, receipt.mark) == (
            "5wd",
            "行政许可法 §32(4)",
            Mark.READ,
        )
        assert item.deemed_acceptance.value == "FROM_RECEIPT"


@every_package
def test_a_known_figure_names_its_article_or_source(item: Definition) -> None:
    limits = item.limits
    for figure in (limits.receipt, limits.statutory, limits.promised, limits.delivery):
        if figure and figure.mark in (Mark.READ, Mark.DEFAULT):
            assert figure.article
        if figure and figure.mark is Mark.SECONDARY:
            assert figure.source


@every_package
def test_promise_is_never_longer_than_the_law(item: Definition) -> None:
    if item.limits.statutory is None:
        return
    promised, statutory = item.limits.promised.to_limit(), item.limits.statutory.to_limit()
    assert promised.start is statutory.start
    if promised.unit is statutory.unit:
        assert promised.number <= statutory.number


@every_package
def test_materials_the_city_may_hold_are_the_starred_ones(item: Definition) -> None:
    assert {m.licence_kind for m in item.materials if m.licence_kind} == STARRED[item.code]
    for material in item.materials:
        assert bool(material.licence_kind) <= (material.source == "GOVERNMENT")
        assert bool(material.required_when) is not material.required, material.name


MATERIALS = {Depth.FULL: (4, 8), Depth.STANDARD: (3, 7), Depth.GUIDE: (1, 5)}


@every_package
def test_materials_can_be_checked_at_the_counter(item: Definition) -> None:
    least, most = MATERIALS[item.depth]
    assert least <= len(item.materials) <= most
    assert len({material.code for material in item.materials}) == len(item.materials)
    for material in item.materials:
        assert material.basis
        assert len(material.points) >= 2
        assert len({point.code for point in material.points}) == len(material.points)


@every_own
def test_route_ends_in_one_decision_after_everything_else(item: Definition) -> None:
    steps = {step.code: step for step in item.route}
    placed: set[str] = set()
    while ready := {c for c, s in steps.items() if c not in placed and set(s.after) <= placed}:
        placed |= ready
    assert placed == set(steps), "a step waits for one that never ends"
    followed = {name for step in item.route for name in step.after}
    assert [s.job for c, s in steps.items() if c not in followed] == ["decide"]
    assert [s.job for s in item.route].count("decide") == 1
    assert {s.job for s in item.route} <= {"review", "site_check", "decide"}


@every_package
def test_site_checks_need_two_people(item: Definition) -> None:
    for step in item.route:
        if step.job == "site_check":
            assert step.people == 2
            assert "行政许可法 §34" in step.article


FIELDS = {Depth.FULL: (8, 18), Depth.STANDARD: (8, 16), Depth.GUIDE: (4, 9)}


@every_package
def test_form_asks_every_field_once_on_some_page(item: Definition) -> None:
    schema = item.form.schema_
    Draft202012Validator.check_schema(schema)
    asked = [field.code for section in form_sections(item) for field in section.fields]
    assert sorted(asked) == sorted(schema["properties"])
    least, most = FIELDS[item.depth]
    assert least <= len(asked) <= most
    assert 2 <= len(item.form.sections) <= 4
    assert set(schema["required"]) <= set(asked)
    confirmed = {code for code, field in schema["properties"].items() if "const" in field}
    assert confirmed <= set(schema["required"]), "a statement that may be left out binds nobody"
    assert schema["additionalProperties"] is False
    assert all(field.label != field.code for s in form_sections(item) for field in s.fields)


@every_package
def test_form_prefills_only_from_what_is_known_of_an_applicant(item: Definition) -> None:
    filled_in = {s.get("x-prefill") for s in item.form.schema_["properties"].values()} - {None}
    person = {f"person.{part}" for part in ("name", "id_number", "paper_kind", "phone", "address")}
    own = {"name", "uscc", "legal_representative", "address"}
    assert filled_in
    assert filled_in <= person | {f"organisation.{part}" for part in own}


@every_package
def test_filled_form_is_accepted_and_an_empty_one_names_what_is_missing(item: Definition) -> None:
    assert check_form(item, filled(item)) == []
    assert all(problem.message for problem in check_form(item, {}))
    missing = {problem.field for problem in check_form(item, {})}
    assert missing == set(item.form.schema_["required"])


@every_package
def test_negative_result_has_lawful_reasons_and_a_remedy(item: Definition) -> None:
    assert bool(item.refusals) is (item.regime is not Regime.FILING)
    assert all(refusal.article for refusal in item.refusals)
    # 残联 is no administrative organ and a waterworks is an enterprise: no 行政复议 there.
    is_reviewed = item.code not in ("disability-card", "water-supply")
    assert item.remedy.review_organ.endswith("人民政府") is is_reviewed
    assert is_reviewed or "行政复议" not in item.remedy.note
    assert item.consult_phone != item.complaint_phone
    assert item.consult_phone.startswith("0899-")
    assert item.complaint_phone.startswith("0899-")
    assert item.note == "演示数据,以主管部门公布为准"


def test_rectification_stops_the_clock_of_the_medical_device_licence_only() -> None:
    ground = PACKAGES["medical-device-licence"].pause_ground("rectification")
    assert ground is not None
    assert ground.stops_statutory
    assert ground.article == "医疗器械经营监督管理办法 §13"
    others = [item for code, item in PACKAGES.items() if code != "medical-device-licence"]
    assert all(item.pause_ground("rectification") is None for item in others)


@every_package
def test_public_notice_stops_no_limit_of_the_law(item: Definition) -> None:
    for rule in item.procedures:
        ground = item.pause_ground(rule.pause_ground)
        if rule.kind is ProcedureKind.PUBLICITY and ground is not None:
            assert not ground.stops_statutory


def test_public_notice_never_stops_the_limit_of_the_law() -> None:
    ground = PACKAGES["planning-permit"].pause_ground("public_notice")
    assert ground is not None
    assert not ground.stops_statutory
    assert not ground.mark.is_known


def test_hearing_on_an_entertainment_licence_rests_on_its_own_article() -> None:
    ground = PACKAGES["entertainment-licence"].pause_ground("hearing")
    assert ground is not None
    assert "娱乐场所管理条例 §10" in ground.article
    assert ground.mark is Mark.READ


def test_real_estate_registration_is_accepted_unless_declined_on_the_spot() -> None:
    item = PACKAGES["real-estate-transfer"]
    assert item.deemed_acceptance.value == "AT_ONCE"
    receipt = item.limits.receipt.to_limit()
    assert (receipt.number, receipt.unit) == (0, Unit.WORKING_DAY)
    assert receipt.article == item.deemed_acceptance_article == "不动产登记暂行条例 §17"
    assert (item.grant_word, item.refuse_word) == ("准予登记", "不予登记")


def test_who_supervises_public_places_is_not_who_approves_them() -> None:
    item = PACKAGES["public-place-hygiene"]
    assert item.supervising_organ == "taolin-health" != item.organ


def test_old_name_of_the_elder_card_is_found_with_a_note() -> None:
    item = PACKAGES["elder-card"]
    assert "老年人优待证" in item.aliases
    assert "2026年6月1日" in item.alias_note


INSTANT = {"elder-card": 60, "longevity-allowance": 80}


def rules_of(code: str) -> dict[str, Any]:
    rules = PACKAGES[code].instant_rules
    assert rules is not None
    return rules


def test_two_items_are_checked_by_a_table() -> None:
    assert {code for code, item in PACKAGES.items() if item.instant_rules} == set(INSTANT)


@pytest.mark.parametrize("code", INSTANT)
def test_a_table_has_no_gap_and_no_overlap(code: str) -> None:
    assert check(load(rules_of(code))) == []


@pytest.mark.parametrize("code", INSTANT)
@given(age=st.none() | st.integers(0, 150), household=st.none() | st.booleans())
def test_only_people_of_age_in_the_province_are_proposed(
    code: str, age: int | None, household: bool | None
) -> None:
    verdict = decide(load(rules_of(code)), {"age_years": age, "household_in_province": household})
    granted = age is not None and age >= INSTANT[code] and household is True
    assert verdict.outcome == ("GRANT" if granted else TO_PERSON)


def test_applicant_of_another_province_says_since_when_he_lives_here() -> None:
    item = PACKAGES["elder-card"]
    answers = {**filled(item), "household_place": "OUTSIDE"}
    del answers["resident_since"]
    assert [problem.field for problem in check_form(item, answers)] == ["resident_since"]


@pytest.mark.parametrize("code", INSTANT)
def test_no_answer_of_an_applicant_can_stand_for_a_fact_of_the_table(code: str) -> None:
    """The table reads form answers too: a field of a fact's name would let anybody grant."""
    facts = {declared.name for declared in load(rules_of(code)).inputs}
    assert facts == {"age_years", "household_in_province"}
    assert facts.isdisjoint(PACKAGES[code].form.schema_["properties"])
