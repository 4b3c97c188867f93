"""Everything that goes wrong has one shape, the right status, and says in Chinese what to do."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from tests.acting import actor, draft, received
from tests.api.calling import ROOT, Caller, pdf

from yiwang.apps.cases.models import Case
from yiwang.foundation.clockwork import now
from yiwang.site import api as site_api

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"


@pytest.fixture
def case() -> Case:
    at = now()
    return received(FOOD, by=actor("he-guifang", at), at=at)


def problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    """The body of a problem, its shape checked."""
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) - {"fields"} == {"type", "title", "status", "detail", "reference"}
    assert body["type"] == f"urn:yiwang:problem:{kind}" and body["status"] == status
    assert body["reference"] == response["X-Request-Id"]
    for text in (body["title"], body["detail"], *body.get("fields", {}).values()):
        assert re.search(r"[\u4e00-\u9fff]", text)
    return body


def test_signed_out_is_401() -> None:
    problem(Caller().get("/my/cases"), 401, "signed-out")
    problem(Caller().post("/drafts", {}), 401, "signed-out")


def test_a_change_with_a_cookie_and_no_csrf_token_is_403() -> None:
    caller = Caller("lin-xiaoman")
    caller.token = ""
    problem(caller.post("/drafts", {"item": FOOD}), 403, "unsafe-request")
    rate = {"token": "x" * 24, "satisfaction": "SATISFIED"}
    problem(caller.post("/ratings", rate), 403, "unsafe-request")


def test_no_permission_is_403_with_who_may(case: Case) -> None:
    body = {
        "version": case.version,
        "ground": "OTHER",
        "facts": "材料齐全。",
        "reason": "不属于本机关。",
        "article": "行政许可法 §32",
    }
    found = problem(
        Caller("he-window").post(f"/cases/{case.pk}/decline", body), 403, "no-permission"
    )
    assert "作出决定" in found["detail"]
    case.refresh_from_db()
    assert case.state == "RECEIVED"


@pytest.mark.parametrize("login", ["lin-xiaoman", "lin-window", "zheng-approve"])
def test_other_peoples_case_does_not_exist(case: Case, login: str) -> None:
    caller = Caller(login)
    problem(caller.get(f"/cases/{case.pk}"), 404, "not-found")
    problem(caller.get(f"/cases/{case.pk}/rating"), 404, "not-found")
    # Not even by an old version, a wrong state or a missing permission can it be told apart.
    absent = case.pk + 1_000_000
    for action, body in (
        ("accept", {"version": 99}),
        ("withdraw", {"version": 99}),
        ("deliver-online", {"version": case.version}),
        ("grant", {"version": case.version}),
    ):
        answers = [caller.post(f"/cases/{pk}/{action}", body) for pk in (case.pk, absent)]
        one, other = (problem(answer, 404, "not-found") for answer in answers)
        assert one["detail"] == other["detail"]


def test_other_peoples_draft_does_not_exist() -> None:
    at = now()
    row = draft(FOOD, by=actor("he-guifang", at), at=at)
    caller, path = Caller("lin-xiaoman"), f"/drafts/{row.pk}"
    problem(caller.get(path), 404, "not-found")
    problem(caller.call("PATCH", path, {"version": row.version, "form": {}}), 404, "not-found")
    problem(caller.call("DELETE", path), 404, "not-found")
    problem(caller.post(f"{path}/submit"), 404, "not-found")
    problem(caller.send(f"{path}/files", material="premises_layout", file=pdf()), 404, "not-found")


def test_an_act_at_the_wrong_time_is_409_with_the_reason(case: Case) -> None:
    body = {"version": case.version}
    found = problem(Caller("sun-approve").post(f"/cases/{case.pk}/grant", body), 409, "not-now")
    assert "审查中" in found["detail"]


def test_unknown_fields_are_refused_by_name() -> None:
    body = {"item": FOOD, "hall": "yecheng-hall", "colour": "red"}
    found = problem(Caller("lin-xiaoman").post("/drafts", body), 422, "invalid-input")
    assert list(found["fields"]) == ["colour"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"version": True, "points": []}, "version"),
        ({"version": 2**31, "points": []}, "version"),
        ({"version": "1", "points": []}, "version"),
        ({"version": 1, "points": [], "problem": "缺" * 401}, "problem"),
        ({"version": 1, "points": [], "problem": "有\x00字"}, "problem"),
        ({"version": 1, "points": [], "problem": "半\ud800个"}, "problem"),
        ({"version": 1, "points": ["a"] * 101}, "points"),
        ({"points": []}, "version"),
    ],
)
def test_values_the_database_cannot_hold_are_422(case: Case, body: Any, field: str) -> None:
    path = f"/cases/{case.pk}/materials/premises_layout/tick"
    found = problem(Caller("he-window").post(path, body), 422, "invalid-input")
    assert field in found["fields"]


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), "9" * 5000, "x", "1.5"])
def test_identifiers_out_of_bounds_are_422(number: str) -> None:
    found = problem(Caller("he-window").get(f"/cases/{number}"), 422, "invalid-input")
    assert "case_id" in found["fields"]


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b"nothing"])
def test_what_is_not_json_is_400(content: bytes) -> None:
    caller = Caller()
    response = caller.client.post(ROOT + "/progress", content, content_type="application/json")
    problem(response, 400, "malformed-request")


def test_another_content_type_is_415() -> None:
    caller = Caller("lin-xiaoman")
    headers = {"X-CSRFToken": caller.token}
    form = "application/x-www-form-urlencoded"
    for path, kind in (
        ("/drafts", form),
        ("/drafts", "multipart/form-data; boundary=x"),
        ("/drafts", "text/plain"),
        (f"/drafts/{uuid.uuid4()}/files", form),
        (f"/drafts/{uuid.uuid4()}/files", "application/json"),
    ):
        response = caller.client.post(ROOT + path, b"a=1", content_type=kind, headers=headers)
        assert response.status_code in (400, 415), (path, kind, response.content.decode())
        if "multipart" not in kind:
            problem(response, 415, "unsupported-media-type")


def test_a_body_larger_than_the_limit_is_413(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(Caller().post("/progress", {"number": "1" * 200, "code": "1"}), 413, "too-large")


def test_a_wrong_method_is_405_with_those_allowed() -> None:
    response = Caller().call("PUT", "/items")
    problem(response, 405, "method-not-allowed")
    assert response["Allow"] == "GET"
    row = uuid.uuid4()
    assert Caller().call("PUT", f"/drafts/{row}")["Allow"] == "DELETE, GET, PATCH"


@pytest.mark.parametrize("path", ["/nothing", "/cases", "/cases/1/eat", "/a%0Ab", "/%00", "/"])
def test_an_unknown_address_is_a_problem_too(path: str) -> None:
    problem(Client().get(ROOT + path), 404, "not-found")


@pytest.mark.parametrize("after", ["x", "W10", "WyJhIl0", "WzEsMl0", "W3RydWUsMV0", "a" * 400])
@pytest.mark.parametrize("path", ["/items", "/my/cases"])
def test_a_cursor_this_list_did_not_make_is_400(path: str, after: str) -> None:
    problem(Caller("lin-xiaoman").get(path, after=after), 400, "malformed-request")


def test_a_file_that_is_none_of_the_accepted_kinds_is_422() -> None:
    at = now()
    row = draft(FOOD, by=actor("lin-xiaoman", at), at=at)
    row.refresh_from_db()
    file = pdf()
    file.file.write(b"MZ this is a program, whatever it is called")
    file.seek(0)
    answer = Caller("lin-xiaoman").send(
        f"/drafts/{row.pk}/files", material=next(iter(row.files)), file=file
    )
    assert "PDF" in problem(answer, 422, "invalid-input")["detail"]


def test_files_without_their_material_are_422(case: Case) -> None:
    path = f"/cases/{case.pk}/correct-on-spot"
    answer = Caller("he-window").send(path, version=case.version, file=[pdf()])
    assert "material" in problem(answer, 422, "invalid-input")["fields"]
    answer = Caller("he-window").send(path, version=case.version, form="[1]")
    assert "form" in next(iter(problem(answer, 422, "invalid-input")["fields"]))


def test_a_fault_of_ours_is_a_problem_with_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(site_api.Hall.objects, "filter", broken)
    client = Client(raise_request_exception=False)
    found = problem(client.get(ROOT + "/halls"), 500, "unexpected")
    assert "secret" not in str(found)


def test_deadlines_are_reckoned_by_the_calendar_and_explained() -> None:
    answer = Caller().get("/deadline", start="2026-09-28", limit="5wd").json()
    # 29 and 30 September; the National Day week not; 8 and 9 October; Saturday 10 made up.
    counted = {day["on"]: day["ordinal"] for day in answer["days"] if day["ordinal"]}
    assert list(counted.values()) == [1, 2, 3, 4, 5]
    assert answer["due_on"] == "2026-10-10" == list(counted)[-1]
    week = {day["mark"] for day in answer["days"] if "2026-10-01" <= day["on"] <= "2026-10-07"}
    assert week == {"HOLIDAY"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"start": "2026-02-30", "limit": "5wd"}, "start"),
        ({"start": "1800-01-01", "limit": "5wd"}, "start"),
        ({"start": "2026-03-02", "limit": "5"}, "limit"),
        ({"start": "2026-03-02", "limit": "0d"}, "limit"),
        ({"start": "2026-03-02", "limit": "8wh"}, "time"),
        ({"start": "2026-03-02", "limit": "5wd", "pause": "2026-03-09..2026-03-04"}, "pause"),
        ({"start": "2026-03-02", "limit": "5wd", "pause": "2026-13-09.."}, "pause"),
        ({"start": "2100-12-31", "limit": "99mon"}, ""),
    ],
)
def test_a_deadline_of_nonsense_says_which_part(query: dict[str, str], field: str) -> None:
    answer = Caller().get("/deadline", **query)
    if field:
        assert field in problem(answer, 422, "invalid-input")["fields"]
    else:
        assert answer.status_code in (200, 422)
