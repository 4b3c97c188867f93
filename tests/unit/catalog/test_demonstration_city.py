"""The fictional city that carries the demonstration's items out: places, organs, posts, people."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from importlib import import_module
from typing import Any

from tests.unit.catalog.demonstration import (
    FULL,
    ITEMS,
    PACKAGES,
    STARRED,
    every_own,
    every_package,
)

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.yaml_text import read_yaml
from yiwang.apps.people.domain.usual_roles import USUAL_ROLES
from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind, Separation
from yiwang.foundation.access import all_permissions
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

CITY: dict[str, Any] = read_yaml((ITEMS.parent / "city.yaml").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 21)
AREAS = {area["code"]: area for area in CITY["areas"]}
ORGANS = {organ["slug"]: organ for organ in CITY["organs"]}
POSTS = {post["key"]: post for post in CITY["posts"]}
ROLES = {role["code"]: role for role in [*(asdict(one) for one in USUAL_ROLES), *CITY["roles"]]}
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


def test_its_own_roles_are_administrators_with_declared_permissions() -> None:
    for app in ("people", "certificates", "catalog", "cases"):
        import_module(f"yiwang.apps.{app}.permissions")
    declared = {permission.code for permission in all_permissions()}
    assert len(ROLES) == len(USUAL_ROLES) + len(CITY["roles"])
    for role in CITY["roles"]:
        assert set(role["permissions"]) <= declared, role["code"]
        assert Separation(role["separation"]) is not Separation.NONE


def test_every_post_resolves_and_has_exactly_one_holder() -> None:
    windows = {(window["hall"], window["number"]) for window in CITY["windows"]}
    for key, post in POSTS.items():
        assert post["organ"] in ORGANS
        assert post["area"] in AREAS
        if post["window"] is not None:
            assert (post["window"]["hall"], post["window"]["number"]) in windows
        assert (post["role"] in ("window_clerk", "maker")) is (post["window"] is not None)
        assert len(holders(key, deputy=False)) == 1, key
        assert holders(key, deputy=False).isdisjoint(holders(key, deputy=True)), key
    held = {held["post"] for account in CITY["accounts"] for held in account["posts"]}
    assert held == set(POSTS)
    assert all(account["staff"] is True for account in CITY["accounts"])


@every_own
def test_organ_of_an_item_can_carry_it_out(item: Definition) -> None:
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


@every_package
def test_organs_of_an_item_are_organs_of_the_city(item: Definition) -> None:
    assert item.organ in ORGANS
    assert not item.supervising_organ or item.supervising_organ in ORGANS


@every_package
def test_an_item_is_received_at_a_window_with_a_clerk(item: Definition) -> None:
    windows = {(w["hall"], w["number"]) for w in CITY["windows"] if item.code in w["package"]}
    clerks = {
        login
        for key, post in POSTS.items()
        if post["window"] and (post["window"]["hall"], post["window"]["number"]) in windows
        for login in holders(key, deputy=False)
    }
    assert clerks
    granted = ROLES["window_clerk"]["permissions"]
    assert {"cases.receive", "cases.accept", "cases.deliver"} <= set(granted)


@every_own
def test_an_own_item_is_reviewed_and_decided_by_people_with_the_right(item: Definition) -> None:
    assert "cases.review" in ROLES["reviewer"]["permissions"]
    assert "cases.decide" in ROLES["approver"]["permissions"]
    assert posts_of(item.organ, "reviewer")
    assert posts_of(item.organ, "approver")


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
    if item.remedy.review_organ.endswith("人民政府"):
        assert item.remedy.review_organ == government["name"]
        assert item.remedy.review_address == government["address"]
    levels = {"990000000000": 2, "990100000000": 3, "990102000000": 4}
    assert item.level == levels[area]


def test_numbers_and_codes_of_an_item_can_be_composed() -> None:
    codes, types, words = set(), set(), set()
    for item in PACKAGES.values():
        organ = ORGANS[item.organ]
        codes.add(
            implementation_code.compose(
                organ=organ["uscc"], level=str(item.level), catalog=item.catalog_code
            )
        )
        assert item.catalog_code[2:4] == item.kind.gb_code
        if item.result.licence_type is not None:
            types.add(item.result.licence_type)
            licence_id.compose(
                type_code=item.result.licence_type, issuer=organ["uscc"], serial="000001"
            )
        words.add(item.result.number_word)
        for word in (item.result.number_word, f"不予{item.result.number_word}"):
            document_number(organ_word=organ["document_word"], kind_word=word, year=2026, serial=1)
    certificates = [item for item in PACKAGES.values() if item.result.kind == "CERTIFICATE"]
    assert len(codes) == len({item.catalog_code for item in PACKAGES.values()}) == 45
    assert len(types) == len(certificates)
    assert len(words) == 45


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
    assert {row["kind"] for row in held} <= wanted
    assert {kind for code in FULL for kind in STARRED[code]} <= {row["kind"] for row in held}
    with_card = {row["holder"] for row in held if row["kind"] == "resident_id"}
    residents = {p["key"] for p in NATURAL if p["paper_kind"] == "RESIDENT_ID"}
    assert with_card < residents
    assert "wang-shouren" in with_card
    assert {r["holder"] for r in held if r["kind"] == "business_licence"} == {
        company["key"] for company in COMPANIES
    }
