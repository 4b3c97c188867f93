"""The demonstration: eight item packages and the fictional city that carries them out."""

from __future__ import annotations

import re
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import yiwang
from yiwang.apps.catalog.domain.definition import Definition, LimitFigure
from yiwang.apps.catalog.domain.publishing import problems
from yiwang.apps.catalog.domain.vocabulary import Mark, Regime
from yiwang.apps.catalog.forms import check_form, form_sections
from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind, Separation
from yiwang.foundation.access import all_permissions
from yiwang.kernel.clock import StartEvent, Unit
from yiwang.kernel.identifiers import (
    implementation_code,
    licence_id,
    papers,
    region,
    resident_id,
    uscc,
)
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.numbering import document_number
from yiwang.kernel.rules import TO_PERSON, check, decide, load

ITEMS = Path(yiwang.__file__).parent / "site" / "demonstration" / "items"
PACKAGES = {
    path.stem: Definition.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    for path in sorted(ITEMS.glob("*.yaml"))
}
every_package = pytest.mark.parametrize("item", PACKAGES.values(), ids=PACKAGES.keys())

# What the law says of each item and how well that is known, copied from the list of items the
# demonstration was drawn up from: statutory limit, its start, promise, delivery, extension.
FIGURES: dict[str, tuple[str, str, str, str, str]] = {
    "food-business-licence": ("10wd M", "ACCEPTED", "5wd E", "10wd D", "5wd M"),
    "public-place-hygiene": ("20wd D", "ACCEPTED", "0wd E", "10wd D", "10wd D"),
    "medical-device-licence": ("20wd K", "ACCEPTED", "10wd E", "10wd K", "10wd D"),
    "entertainment-licence": ("20wd D", "ACCEPTED", "10wd E", "10wd D", "10wd D"),
    "planning-permit": ("20wd D", "ACCEPTED", "7wd E", "10wd D", "10wd D"),
    "construction-permit": ("7d K", "RECEIVED", "1wd E", "1wd E", ""),
    "elder-card": ("", "", "1wd S", "", ""),
    "real-estate-transfer": ("30wd K", "ACCEPTED", "1wd S", "", ""),
}
STARRED = {
    "food-business-licence": {"business_licence"},
    "public-place-hygiene": {"business_licence"},
    "medical-device-licence": {"business_licence"},
    "entertainment-licence": {"business_licence"},
    "planning-permit": {"land_approval"},
    "construction-permit": {"land_approval", "planning_permit"},
    "elder-card": {"resident_id"},
    "real-estate-transfer": {
        "resident_id",
        "realestate_certificate",
        "online_contract",
        "tax_clearance",
    },
}
ANSWERS = {
    "uscc": "91990102MA0XM00158",
    "date": "2026-11-20",
    "phone": "19900000001",
    "paper_number": "590102195903120317",
    "project_code": "2605-990100-04-01-000123",
    "unit_code": "990102001001GB00012F00030004",
}


def text_of(figure: LimitFigure | None) -> str:
    return f"{figure.limit} {figure.mark.value}" if figure else ""


def answer(name: str, schema: dict[str, Any]) -> Any:
    """A valid answer to one field."""
    if "const" in schema:
        return schema["const"]
    if "oneOf" in schema:
        return schema["oneOf"][0]["const"]
    match schema["type"]:
        case "array":
            return [answer(name, schema["items"])]
        case "boolean":
            return True
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
    if "enum" in schema:
        return schema["enum"][0]
    known = ANSWERS.get(name) or ANSWERS.get(schema.get("format", ""))
    return known or "椰" * max(schema.get("minLength", 1), 18 if "number" in name else 1)


def filled(item: Definition) -> dict[str, Any]:
    properties = item.form.schema_["properties"]
    return {name: answer(name, schema) for name, schema in properties.items()}


def test_there_are_eight_packages_named_by_their_codes() -> None:
    assert set(PACKAGES) == set(FIGURES)
    assert {item.code for item in PACKAGES.values()} == set(PACKAGES)


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


@every_package
def test_materials_can_be_checked_at_the_counter(item: Definition) -> None:
    assert 4 <= len(item.materials) <= 8
    for material in item.materials:
        assert material.basis
        assert len(material.points) >= 2
        assert len({point.code for point in material.points}) == len(material.points)


@every_package
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


@every_package
def test_form_asks_every_field_once_on_some_page(item: Definition) -> None:
    schema = item.form.schema_
    Draft202012Validator.check_schema(schema)
    asked = [field.code for section in form_sections(item) for field in section.fields]
    assert sorted(asked) == sorted(schema["properties"])
    assert 8 <= len(asked) <= 16
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
    missing = {problem.field for problem in check_form(item, {})}
    assert missing == set(item.form.schema_["required"])


@every_package
def test_negative_result_has_lawful_reasons_and_a_remedy(item: Definition) -> None:
    assert item.refusals
    assert all(refusal.article for refusal in item.refusals)
    assert item.remedy.review_organ.endswith("人民政府")
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


def test_elder_card_table_has_no_gap_and_no_overlap() -> None:
    rules = PACKAGES["elder-card"].instant_rules
    assert rules is not None
    assert check(load(rules)) == []


@given(age=st.none() | st.integers(0, 150), household=st.none() | st.booleans())
def test_only_people_of_sixty_in_the_province_are_proposed_for_a_card(
    age: int | None, household: bool | None
) -> None:
    rules = PACKAGES["elder-card"].instant_rules
    assert rules is not None
    verdict = decide(load(rules), {"age_years": age, "household_in_province": household})
    granted = age is not None and age >= 60 and household is True
    assert verdict.outcome == ("GRANT" if granted else TO_PERSON)


def test_applicant_of_another_province_says_since_when_he_lives_here() -> None:
    item = PACKAGES["elder-card"]
    answers = {**filled(item), "household_place": "OUTSIDE"}
    del answers["resident_since"]
    assert [problem.field for problem in check_form(item, answers)] == ["resident_since"]


def test_no_answer_of_an_applicant_can_stand_for_a_fact_of_the_table() -> None:
    """The table reads form answers too: a field of a fact's name would let anybody grant."""
    rules = PACKAGES["elder-card"].instant_rules
    assert rules is not None
    facts = {declared.name for declared in load(rules).inputs}
    assert facts.isdisjoint(PACKAGES["elder-card"].form.schema_["properties"])


# The city the packages are carried out in.

CITY: dict[str, Any] = yaml.safe_load((ITEMS.parent / "city.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 21)
AREAS = {area["code"]: area for area in CITY["areas"]}
ORGANS = {organ["slug"]: organ for organ in CITY["organs"]}
POSTS = {post["key"]: post for post in CITY["posts"]}
ROLES = {role["code"]: role for role in CITY["roles"]}
PARTIES = {party["key"]: party for party in CITY["parties"]}
NATURAL = [party for party in CITY["parties"] if party["kind"] == "NATURAL_PERSON"]
COMPANIES = [party for party in CITY["parties"] if party["kind"] != "NATURAL_PERSON"]


def holders(post: str, *, deputy: bool) -> set[str]:
    return {
        account["login"]
        for account in CITY["accounts"]
        for held in account["posts"]
        if held["post"] == post and held["deputy"] is deputy
    }


def posts_of(organ: str, role: str) -> list[str]:
    return [k for k, post in POSTS.items() if (post["organ"], post["role"]) == (organ, role)]


def age(number: str) -> int:
    born = resident_id.birth_on(number)
    return TODAY.year - born.year - ((TODAY.month, TODAY.day) < (born.month, born.day))


def test_keys_of_the_city_are_unique() -> None:
    for part, key in (
        ("areas", "code"),
        ("organs", "slug"),
        ("organs", "uscc"),
        ("halls", "slug"),
        ("roles", "code"),
        ("posts", "key"),
        ("accounts", "login"),
        ("parties", "key"),
        ("citizen_accounts", "party"),
        ("parties", "phone"),
        ("certificates", "number"),
    ):
        values = [row[key] for row in CITY[part]]
        assert len(set(values)) == len(values), (part, key)
    logins = [row["login"] for row in CITY["accounts"] + CITY["citizen_accounts"]]
    assert len(set(logins)) == len(logins)
    assert all(re.fullmatch(r"[a-z][a-z-]{2,20}", login) for login in logins)
    named = [(post["organ"], post["name"]) for post in CITY["posts"]]
    assert len(set(named)) == len(named)
    assert all(len(post["name"]) <= 80 and post["role"] in ROLES for post in CITY["posts"])


def test_areas_form_one_tree_in_the_unassigned_prefix() -> None:
    known = {region.parse(code).code for code in AREAS}
    for code, area in AREAS.items():
        assert code.startswith("99")
        assert len(code) == 12
        assert AreaLevel(area["level"])
        parent = region.parent(code, known)
        assert (parent and parent.ljust(12, "0")) == area["parent"], area["name"]
    assert [area["level"] for area in AREAS.values() if area["parent"] is None] == ["PROVINCE"]


def test_one_district_has_villages_without_townships_and_one_zone_exists() -> None:
    below = {area["level"] for area in AREAS.values() if area["parent"] == "990104000000"}
    assert below == {"VILLAGE"}
    assert [code for code, area in AREAS.items() if area["is_zone"]] == ["990171000000"]


def test_credit_codes_are_valid_and_of_no_real_place() -> None:
    for number in [o["uscc"] for o in ORGANS.values()] + [c["paper_number"] for c in COMPANIES]:
        checked = uscc.check(number)
        assert checked.is_valid
        assert not checked.warnings
        assert number[2:4] == "99"
    assert all(o["uscc"].startswith("1") for o in ORGANS.values())
    for organ in ORGANS.values():
        assert OrganKind(organ["kind"])
        assert organ["area"] in AREAS


def test_identity_papers_are_valid_and_of_no_real_place() -> None:
    for party in NATURAL:
        kind = PaperKind(party["paper_kind"])
        assert papers.check(kind, party["paper_number"], today=TODAY).is_valid, party["name"]
        assert re.fullmatch(r"199000000\d\d", party["phone"])
        if kind is PaperKind.RESIDENT_ID:
            assert resident_id.check(party["paper_number"]).found("PROVINCE")
            assert (party["area"] is None) is (not party["paper_number"].startswith("59"))
    kinds = {party["paper_kind"] for party in NATURAL}
    assert kinds == {"RESIDENT_ID", "HK_MACAO_RESIDENCE", "TAIWAN_RESIDENCE", "PASSPORT"}
    assert {party["area"] for party in PARTIES.values()} - {None} <= set(AREAS)


def test_elders_have_the_ages_of_their_stories() -> None:
    assert age(PARTIES["wang-shouren"]["paper_number"]) == 67
    assert age(PARTIES["he-guifang"]["paper_number"]) == 72
    assert PARTIES["wang-shouren"]["area"].startswith("990102")
    assert PARTIES["he-guifang"]["area"] is None


def test_organisations_name_people_who_may_act_for_them() -> None:
    for company in COMPANIES:
        people = [company["legal_representative"], *company["representatives"]]
        assert all(PARTIES[key]["kind"] == "NATURAL_PERSON" for key in people)
        assert len(set(people)) == len(people)
    assert PARTIES["xiaoman-catering"]["legal_representative"] == "lin-xiaoman"
    assert max(len(company["name"]) for company in COMPANIES) >= 40
    assert all(account["party"] in PARTIES for account in CITY["citizen_accounts"])


def test_windows_take_the_items_whose_guides_name_their_hall() -> None:
    packages: dict[str, set[str]] = {}
    for window in CITY["windows"]:
        packages.setdefault(window["hall"], set()).update(window["package"])
    assert packages["yecheng-hall"] == set(PACKAGES)
    for hall in CITY["halls"]:
        assert hall["area"] in AREAS
        named = {
            code
            for code, item in PACKAGES.items()
            if (hall["name"], hall["address"]) in {(p.name, p.address) for p in item.places}
        }
        assert packages[hall["slug"]] == named


def test_roles_carry_declared_permissions() -> None:
    for app in ("people", "certificates", "catalog", "cases"):
        import_module(f"yiwang.apps.{app}.permissions")
    declared = {permission.code for permission in all_permissions()}
    for role in ROLES.values():
        assert set(role["permissions"]) <= declared, role["code"]
        assert Separation(role["separation"])


def test_every_post_resolves_and_has_exactly_one_holder() -> None:
    windows = {(window["hall"], window["number"]) for window in CITY["windows"]}
    for key, post in POSTS.items():
        assert post["organ"] in ORGANS
        assert post["area"] in AREAS
        if post["window"] is not None:
            assert (post["window"]["hall"], post["window"]["number"]) in windows
        assert (post["role"] == "window_clerk") is (post["window"] is not None)
        assert len(holders(key, deputy=False)) == 1, key
        assert holders(key, deputy=False).isdisjoint(holders(key, deputy=True)), key
    held = {held["post"] for account in CITY["accounts"] for held in account["posts"]}
    assert held == set(POSTS)
    assert all(account["staff"] is True for account in CITY["accounts"])


@every_package
def test_organ_of_an_item_can_carry_it_out(item: Definition) -> None:
    assert item.organ in ORGANS
    assert not item.supervising_organ or item.supervising_organ in ORGANS
    reviewers = {
        login for post in posts_of(item.organ, "reviewer") for login in holders(post, deputy=False)
    }
    assert len(reviewers) >= 2
    assert max(step.people for step in item.route) <= len(reviewers)
    approvers = posts_of(item.organ, "approver")
    assert all(len(holders(post, deputy=True)) == 1 for post in approvers)
    assert len(approvers) == 1
    deciders = {login for d in (True, False) for login in holders(approvers[0], deputy=d)}
    assert deciders.isdisjoint(reviewers)


def test_three_administrators_are_three_people_who_hold_nothing_else() -> None:
    found = {}
    for role in ("system_admin", "security_admin", "audit_admin"):
        (post,) = [key for key, value in POSTS.items() if value["role"] == role]
        (found[role],) = holders(post, deputy=False)
    assert len(set(found.values())) == 3
    for account in CITY["accounts"]:
        if account["login"] in found.values():
            assert len(account["posts"]) == 1


@every_package
def test_remedy_lies_with_the_government_of_the_organs_level(item: Definition) -> None:
    area = ORGANS[item.organ]["area"]
    (government,) = [o for o in ORGANS.values() if o["kind"] == "GOVERNMENT" and o["area"] == area]
    assert item.remedy.review_organ == government["name"]
    assert item.remedy.review_address == government["address"]
    assert item.level == (3 if area == "990100000000" else 4)


def test_numbers_and_codes_of_an_item_can_be_composed() -> None:
    codes = set()
    for item in PACKAGES.values():
        organ = ORGANS[item.organ]
        codes.add(
            implementation_code.compose(
                organ=organ["uscc"], level=str(item.level), catalog=item.catalog_code
            )
        )
        assert item.catalog_code[2:4] == item.kind.gb_code
        assert item.result.licence_type is not None
        licence_id.compose(
            type_code=item.result.licence_type, issuer=organ["uscc"], serial="000001"
        )
        for word in (item.result.number_word, f"不予{item.result.number_word}"):
            document_number(organ_word=organ["document_word"], kind_word=word, year=2026, serial=1)
    assert len(codes) == len({item.result.licence_type for item in PACKAGES.values()}) == 8


def test_certificates_resolve_and_some_people_have_none() -> None:
    held = CITY["certificates"]
    for row in held:
        assert row["holder"] in PARTIES
        assert row["organ"] in ORGANS
        assert row["issued_on"] <= TODAY
        assert row["valid_until"] is None or row["valid_until"] > row["issued_on"]
        paper = PARTIES[row["holder"]]["paper_number"]
        assert (row["number"] == paper) is (row["kind"] == "business_licence")
    wanted = set().union(*STARRED.values())
    assert {row["kind"] for row in held} == wanted
    with_card = {row["holder"] for row in held if row["kind"] == "resident_id"}
    residents = {p["key"] for p in NATURAL if p["paper_kind"] == "RESIDENT_ID"}
    assert with_card < residents
    assert "wang-shouren" in with_card
    assert {r["holder"] for r in held if r["kind"] == "business_licence"} == {
        company["key"] for company in COMPANIES
    }
