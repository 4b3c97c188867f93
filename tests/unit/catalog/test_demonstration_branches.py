"""What is unusual about an item is what it was chosen for: each in its own words and figures."""

from __future__ import annotations

import pytest
from tests.unit.catalog.demonstration import ELSEWHERE, FULL, OWN, PACKAGES, every_package

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.vocabulary import (
    CorrectionOverdue,
    Mark,
    ProcedureKind,
    Regime,
)
from yiwang.kernel.clock import StartEvent, Unit

FILINGS = {"device-business-filing", "investment-project-filing"}


@every_package
def test_only_a_permit_is_refused_as_a_permit(item: Definition) -> None:
    words = (item.grant_word, item.refuse_word, item.grant_title, item.refuse_title)
    assert all(words) is (item.code not in FILINGS)
    if item.regime is not Regime.PERMIT:
        assert not any("许可" in word for word in words)
    if item.regime is Regime.REGISTRATION:
        assert item.refuse_word == "不予登记"


def test_a_filing_has_no_negative_decision() -> None:
    assert {c for c, i in PACKAGES.items() if i.regime is Regime.FILING} == FILINGS
    for code in FILINGS:
        assert PACKAGES[code].refuse_word == PACKAGES[code].refuse_title == ""
        assert not PACKAGES[code].refusals


def test_which_items_are_decided_elsewhere() -> None:
    assert len(OWN) == 29
    assert ELSEWHERE - {"disability-card", "minimum-living-allowance"} == {
        code for code, item in PACKAGES.items() if item.depth.value == "GUIDE"
    }
    for code in ELSEWHERE:
        item = PACKAGES[code]
        assert item.handling.name.endswith("(演示)")
        assert item.route == ()
        assert item.instant_rules is None
    assert PACKAGES["real-estate-transfer"].handling.note


@pytest.mark.parametrize("code", ["individual-business-registration", "company-registration"])
def test_a_market_registration_takes_three_days_and_three_more(code: str) -> None:
    item = PACKAGES[code]
    assert item.kind == "PERMIT"
    assert item.regime is Regime.REGISTRATION
    assert item.extension is not None
    assert item.extension.article == "市场主体登记管理条例 §19"


def test_units_and_starts_are_those_of_the_article() -> None:
    units = {
        "performance-approval": Unit.NATURAL_DAY,
        "private-kindergarten": Unit.MONTH,
        "water-abstraction": Unit.WORKING_DAY,
        "work-injury-determination": Unit.NATURAL_DAY,
    }
    for code, unit in units.items():
        figure = PACKAGES[code].limits.statutory
        assert figure is not None
        assert figure.to_limit().unit is unit
    starts = {
        StartEvent.ALL_DOCUMENTS_RECEIVED: {"private-nonprofit-registration"},
        StartEvent.ACCEPTANCE_PERIOD_ENDED: {"teacher-qualification"},
        StartEvent.RECEIVED: {
            "construction-permit",
            "environmental-approval",
            "legal-aid",
            "unemployment-benefit",
        },
    }
    for start, codes in starts.items():
        found = {c for c, i in PACKAGES.items() if i.limits.promised.start is start}
        assert found == codes


def test_a_small_lorry_needs_no_permit() -> None:
    item = PACKAGES["road-freight-licence"]
    assert any("4500千克及以下" in text for text in item.not_required_when)
    options = item.form.schema_["properties"]["mass"]["oneOf"]
    assert any("不需要许可" in option["title"] for option in options)


def test_silence_withdraws_an_application_for_legal_aid_only() -> None:
    withdrawn = {
        code
        for code, item in PACKAGES.items()
        if item.correction.overdue is CorrectionOverdue.DEEMED_WITHDRAWN
    }
    assert withdrawn == {"legal-aid"}
    assert PACKAGES["legal-aid"].correction.article == "法律援助法 §43"


def test_limits_of_the_applicant_are_no_limits_of_the_organ() -> None:
    for code in ("birth-registration", "death-registration"):
        assert PACKAGES[code].applicant_limit
        assert PACKAGES[code].limits.statutory is None


def test_a_wedding_needs_no_household_book_and_both_in_person() -> None:
    item = PACKAGES["marriage-registration"]
    assert not any("户口" in material.name for material in item.materials)
    assert item.visits == 1
    assert not item.online
    assert not item.fee.charged


def test_who_digs_up_a_road_pays_by_an_article_and_repairs_first_in_need() -> None:
    item = PACKAGES["road-excavation"]
    assert item.fee.basis == "城市道路管理条例 §37"
    assert item.fee.standard
    assert {"review", "traffic_review"} <= {step.code for step in item.route}
    urgent = {m.code for m in item.materials_for({"is_emergency": True})}
    planned = {m.code for m in item.materials_for({"is_emergency": False})}
    assert urgent - planned == {"emergency"}
    assert planned - urgent == {"planning"}


def test_eight_matters_are_accepted_on_one_form() -> None:
    options = PACKAGES["joint-acceptance"].form.schema_["properties"]["matters"]["items"]["oneOf"]
    assert len(options) == 8
    drawings = PACKAGES["joint-acceptance"].material("drawings")
    assert drawings is not None
    assert "线下递交" in drawings.advice


def test_one_item_rewards() -> None:
    assert [c for c, i in PACKAGES.items() if i.regime is Regime.REWARD] == ["bravery-award"]


def test_a_finding_of_another_authority_stops_the_injury_clock() -> None:
    ground = PACKAGES["work-injury-determination"].pause_ground("suspended")
    assert ground is not None
    assert (ground.article, ground.mark) == ("工伤保险条例 §20", Mark.READ)


def test_a_hearing_is_required_for_an_entertainment_venue_only() -> None:
    required = {
        code
        for code, item in PACKAGES.items()
        for rule in item.procedures
        if rule.kind is ProcedureKind.HEARING and rule.is_required
    }
    assert required == {"entertainment-licence"}


def test_a_public_notice_of_an_allowance_tells_little() -> None:
    rule = PACKAGES["minimum-living-allowance"].procedure("public_notice")
    assert rule is not None
    assert (rule.days, rule.mark) == ("7d", Mark.SECONDARY)
    assert "不公示证件号码、病情和住址" in rule.note


def test_promises_skip_only_what_may_be_checked_afterwards() -> None:
    food = PACKAGES["food-business-licence"].commitment("permit_commitment")
    assert food is not None
    assert food.skips == ("site_check",)
    assert [when.values for when in food.excluded] == [("CANTEEN", "CENTRAL_KITCHEN")]
    for item in PACKAGES.values():
        for one in item.commitments:
            assert one.consequence
            assert one.check_points


def test_gaps_are_promised_for_listed_materials_only_and_their_limit_is_no_fact() -> None:
    deferring = {code: item for code, item in PACKAGES.items() if item.deferral}
    assert len(deferring) == 9
    for item in deferring.values():
        assert item.deferral is not None
        assert not item.deferral.mark.is_known
        assert any(material.is_deferrable for material in item.materials)
        assert any(m.required and not m.is_deferrable and not m.when for m in item.materials)


def test_each_full_item_asks_by_situation_and_has_its_guide_in_english() -> None:
    for code in FULL:
        item = PACKAGES[code]
        assert any(material.when for material in item.materials), code
        assert item.english is not None
        assert len(item.questions) >= 2
        assert item.english.steps
