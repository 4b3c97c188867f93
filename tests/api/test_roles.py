"""Role × endpoint: who gets in, and what each of them is shown of other people."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, draft, received
from tests.api.calling import Caller
from tests.api.test_document import OPERATIONS

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import drafts, filing
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db
ITEM = "real-estate-transfer"
ROLES = {
    "anonymous": "",
    "applicant": "lin-xiaoman",
    "citizen": "shen-lan",
    "clerk": "he-window",
    "reviewer": "feng-review",
    "approver": "chu-approve",
    "supervisor": "tang-supervise",
    "editor": "xu-editor",
}
# For each read, the status by role, in the order of ROLES.
READS = {
    "/session": "200 200 200 200 200 200 200 200",
    "/halls": "200 200 200 200 200 200 200 200",
    "/items": "200 200 200 200 200 200 200 200",
    "/my/cases": "401 200 200 403 403 403 403 403",
    "/my/certificates": "401 200 200 403 403 403 403 403",
    "/my/drafts": "401 200 200 200 200 200 200 200",
    "/work/to-accept": "401 403 403 200 403 403 403 403",
    "/work/to-deliver": "401 403 403 200 403 403 403 403",
    "/work/steps": "401 403 403 403 200 200 403 403",
    "/work/cases": "401 403 403 403 200 200 403 403",
    "/work/late": "401 403 403 403 200 200 200 403",
    "/work/taken-in": "401 403 403 200 403 403 403 403",
    "/work/taken-in/to-confirm": "401 403 403 200 403 403 403 403",
    "/halls-at-work/resident": "401 403 403 403 403 403 200 403",
    "/halls-at-work/one-window?first=2026-01-01&last=2026-02-01": (
        "401 403 403 403 403 403 200 403"
    ),
    "/cases/{case}": "401 200 404 200 200 200 200 404",
}
# For each act on a case in review, the status by role: 404 where the case does not exist for them,
# 403 where it is not theirs to do, 409 where it is, but not now, 200 where it is done.
ACTS: dict[str, tuple[dict[str, Any], str]] = {
    "accept": ({}, "401 403 404 409 403 403 403 404"),
    "refer": ({"reason": "需要认定。"}, "401 403 404 409 403 403 403 404"),
    "request-correction": ({"items": []}, "401 403 404 409 403 403 403 404"),
    "pause": (
        {"ground": "none", "expected": "5wd", "reason": "原因说明"},
        "401 403 404 403 422 422 403 404",
    ),
    "resume": ({}, "401 403 404 403 409 409 403 404"),
    "extend": ({"reason": "短"}, "401 403 404 403 403 409 403 404"),
    "grant": ({}, "401 403 404 403 403 409 403 404"),
    "refuse": (
        {"facts": "", "articles": [], "reason": ""},
        "401 403 404 403 403 409 403 404",
    ),
    "not-required": ({"reason": "", "article": ""}, "401 403 404 403 403 409 403 404"),
    "decline": (
        {"ground": "OTHER", "facts": "", "reason": "", "article": ""},
        "401 403 404 403 403 409 403 404",
    ),
    "deliver-at-window": ({"code": "000000"}, "401 403 404 409 403 403 403 404"),
    "deliver-online": ({}, "401 409 404 409 409 409 409 404"),
}


@pytest.fixture
def case() -> Case:
    at = now()
    return accepted(ITEM, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)


def by_role(statuses: str) -> dict[str, int]:
    return dict(zip(ROLES, map(int, statuses.split()), strict=True))


@pytest.mark.parametrize("path", READS)
def test_reads_open_to_the_roles_they_are_for(case: Case, path: str) -> None:
    found = {
        role: Caller(login).get(path.format(case=case.pk)).status_code
        for role, login in ROLES.items()
    }
    assert found == by_role(READS[path])


@pytest.mark.parametrize("action", ACTS)
def test_acts_open_to_the_roles_the_law_names(case: Case, action: str) -> None:
    body, statuses = ACTS[action]
    found = {
        role: Caller(login)
        .post(f"/cases/{case.pk}/{action}", {"version": case.version, **body})
        .status_code
        for role, login in ROLES.items()
    }
    assert found == by_role(statuses)


NAMES = {"{case_id}": "1", "{code}": "abcd", "{draft_id}": str(uuid.UUID(int=1))}


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whoever_is_not_signed_in_gets_401_unless_declared_open(method: str, path: str) -> None:
    is_open = OPERATIONS[method, path].get("security") == []
    for name, value in NAMES.items():
        path = path.replace(name, value)
    status = Caller().call(method, path.removeprefix("/api/v1"), {}).status_code
    assert (status != 401) is is_open


def test_personal_data_is_masked_for_everybody_but_the_person() -> None:
    at, citizen = now(), actor("lin-xiaoman", now())
    row = draft(ITEM, by=citizen, at=at)
    personal = {"buyer_paper_number": "590102199005180244", "buyer_phone": "19900000077"}
    drafts.save_draft(draft_id=row.pk, form=personal, actor=citizen, at=at)
    case = filing.submit(draft_id=row.pk, actor=citizen, at=at)
    own = Caller("lin-xiaoman").case(case.pk)
    assert own["applicant"]["name"] == "林小满" and not own["is_masked"]
    assert own["applicant"]["paper_number"] == "590102199005180244"
    assert own["form"]["buyer_phone"] == "19900000077"
    secrets = ["林小满", "590102199005180244", "19900000001", "19900000077"]
    for role in ("clerk", "reviewer", "approver", "supervisor"):
        seen = Caller(ROLES[role]).case(case.pk)
        assert seen["is_masked"] and seen["codes"] is None
        assert not [secret for secret in secrets if secret in str(seen)]
        assert seen["form"].keys() == own["form"].keys()


def test_applicants_read_no_internal_opinion(case: Case) -> None:
    reviewer = Caller("feng-review")
    step = next(s for s in reviewer.case(case.pk)["steps"] if s["state"] == "OPEN")
    reviewer.act(
        case.pk,
        "give-opinion",
        step=step["code"],
        conclusion="AGREE",
        opinion="内部意见:材料属实。",
        second_person="qian-review" if step["people"] > 1 else "",
    )
    assert "内部意见" in str(Caller("chu-approve").case(case.pk)["steps"])
    own = Caller("lin-xiaoman").case(case.pk)
    assert "内部意见" not in str(own) and not any(step["inner"] for step in own["steps"])


def test_the_acts_offered_are_addresses_and_say_why_not() -> None:
    at = now()
    case = received(ITEM, by=actor("lin-xiaoman", at), at=at)
    paths = {path for method, path in OPERATIONS if method == "POST"}
    for login in ("lin-xiaoman", "he-window", "chu-approve", "feng-review"):
        acts = Caller(login).case(case.pk)["acts"]
        assert acts
        for act in acts:
            assert any(path.endswith(f"/{act['action']}") for path in paths), act["action"]
            assert act["is_allowed"] is (act["reason"] == "")
    window = {act["action"] for act in Caller("he-window").case(case.pk)["acts"]}
    assert not window & {"decline", "not-required", "refuse", "grant"}


def test_an_act_that_is_not_allowed_now_answers_with_the_reason_that_was_told(case: Case) -> None:
    approver = Caller("chu-approve")
    act = next(a for a in approver.case(case.pk)["acts"] if a["action"] == "grant")
    answer = approver.post(f"/cases/{case.pk}/grant", {"version": case.version})
    assert not act["is_allowed"] and answer.json()["detail"] == act["reason"]


def test_a_window_sees_only_its_own_package_and_hall() -> None:
    at = now()
    case = received(ITEM, by=actor("lin-xiaoman", at), at=at)
    mine = Caller("he-window").get("/work/to-accept", size=100).json()["cases"]
    other = Caller("chen-window").get("/work/to-accept", size=100).json()["cases"]
    assert case.pk in [row["id"] for row in mine]
    assert case.pk not in [row["id"] for row in other]


def test_lists_page_by_cursor_without_losing_or_repeating(case: Case) -> None:
    at = now()
    wanted = [received(ITEM, by=actor("lin-xiaoman", at), at=at).pk for _ in range(4)] + [case.pk]
    caller, seen, after = Caller("lin-xiaoman"), [], ""
    while after is not None:
        page = caller.get("/my/cases", size=2, after=after).json()
        seen += [row["id"] for row in page["cases"]]
        after = page["next_cursor"]
    assert len(seen) == len(set(seen)) and set(wanted) <= set(seen)


def test_the_catalogue_pages_by_cursor() -> None:
    seen, after = [], ""
    while after is not None:
        page = Caller().get("/items", size=3, after=after).json()
        seen += [row["code"] for row in page["items"]]
        after = page["next_cursor"]
    assert seen == [row["code"] for row in Caller().get("/items", size=100).json()["items"]]
    assert len(seen) == 45


@pytest.mark.parametrize(
    ("login", "path", "most"),
    [
        ("lin-xiaoman", "/cases/{case}", 11),
        ("feng-review", "/cases/{case}", 11),
        ("lin-xiaoman", "/my/cases", 4),
        ("he-window", "/work/to-accept", 4),
        ("feng-review", "/work/steps", 5),
        ("tang-supervise", "/work/late", 5),
    ],
)
def test_reads_keep_to_their_statements(case: Case, login: str, path: str, most: int) -> None:
    caller = Caller(login)
    caller.get(path.format(case=case.pk))
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path.format(case=case.pk)).status_code == 200
    assert len(captured) <= most, "\n".join(q["sql"][:160] for q in captured)
