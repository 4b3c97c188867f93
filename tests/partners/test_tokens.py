"""Tokens: RFC 6749's answers, ended at once, noted once a minute, exactly what the scopes say."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.acting import accepted, actor
from tests.api.test_document import OPERATIONS
from tests.pages.client import signed_in
from tests.partners.helping import ALL, System, client_of, token_answer

from yiwang.apps.cases.models import Case
from yiwang.apps.partners.domain.scopes import SCOPES, operations_of, permissions_of
from yiwang.apps.partners.models import AccessToken, ApiClient
from yiwang.apps.partners.tokens import caller_of, digest_of
from yiwang.foundation.access import all_permissions
from yiwang.foundation.clockwork import now, offset
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"
FORM = "application/x-www-form-urlencoded"


def case() -> Case:
    at = now()
    by, window = actor("lin-xiaoman", at), actor("chen-window", at)
    return accepted(FOOD, by=by, clerk=window, at=at, hall="taolin-hall")


def another_organs_case() -> Case:
    at = now()
    by, window = actor("lin-xiaoman", at), actor("he-window", at)
    return accepted("real-estate-transfer", by=by, clerk=window, at=at)


def test_a_token_by_form_and_by_basic() -> None:
    row, secret = client_of(now())
    answer = token_answer(row, secret)
    assert answer.json().keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 1800)
    assert answer["Cache-Control"] == "no-store"
    basic = base64.b64encode(f"{row.identifier}:{secret}".encode()).decode()
    header = {"Authorization": f"Basic {basic}"}
    by_header = Client().post(
        "/api/v1/token", "grant_type=client_credentials", FORM, headers=header
    )
    assert by_header.status_code == 200
    kept = str(list(AccessToken.objects.values()))
    assert answer.json()["access_token"] not in kept


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ("scope=cases.read", "invalid_client", 401),
        ("client_id=a&client_secret=b", "invalid_request", 400),
        ("grant_type=client_credentials&client_id=a&client_secret=b", "invalid_client", 401),
        ("grant_type=client_credentials&client_id=%00&client_secret=b", "invalid_client", 401),
        ("grant_type=password&client_id=a&client_secret=b", "unsupported_grant_type", 400),
        ("grant_type=a&grant_type=b&client_id=a&client_secret=b", "invalid_request", 400),
    ],
)
def test_errors_are_those_of_the_standard(body: str, code: str, status: int) -> None:
    answer = Client().post("/api/v1/token", body, FORM)
    assert (answer.json()["error"], answer.status_code) == (code, status)
    assert ("WWW-Authenticate" in answer) is (status == 401)


def test_more_than_one_way_of_proof_and_other_bodies_are_refused() -> None:
    header = {"Authorization": "Basic YTpi"}
    body = "grant_type=client_credentials&client_id=a&client_secret=b"
    both = Client().post("/api/v1/token", body, FORM, headers=header)
    assert both.json()["error"] == "invalid_request"
    json = Client().post("/api/v1/token", "{}", "application/json")
    assert json.json()["error"] == "invalid_request"
    assert Client().get("/api/v1/token").status_code == 405


def test_a_scope_wider_than_the_clients_is_refused_and_a_narrower_one_kept_to() -> None:
    row, secret = client_of(now(), scopes=("cases.read", "events.read"))
    assert token_answer(row, secret, scope="cases.decide").json()["error"] == "invalid_scope"
    system = System(row, secret, scope="events.read")
    assert system.get("/events").status_code == 200
    assert system.get("/work/cases").status_code == 403


def test_a_token_ends_with_its_time_its_client_its_day_and_its_network() -> None:
    at = now()
    row, secret = client_of(at)
    system, rows = System(row, secret), ApiClient.objects.filter(pk=row.pk)
    assert system.get("/work/cases").status_code == 200
    rows.update(networks=["10.9.0.0/16"])
    assert system.get("/work/cases").status_code == 401
    assert token_answer(row, secret).status_code == 401
    rows.update(networks=["127.0.0.0/8"], valid_until=at.date() - timedelta(days=1))
    assert system.get("/work/cases").status_code == 401
    rows.update(valid_until=row.valid_until)
    assert system.get("/work/cases").status_code == 200
    AccessToken.objects.update(expires_at=at - offset())
    refused = system.get("/work/cases")
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert refused["Content-Type"] == "application/problem+json"


def test_a_token_never_goes_with_a_session_and_opens_no_page() -> None:
    row, secret = client_of(now())
    header = {"Authorization": f"Bearer {System(row, secret).token}"}
    assert signed_in("sun-approve").get("/api/v1/work/cases", headers=header).status_code == 403
    assert Client().get("/work/cases/", headers=header).status_code == 302


def test_whatever_is_open_to_anybody_does_not_look_at_a_token() -> None:
    header = {"Authorization": "Bearer wrong"}
    assert Client().get("/api/v1/items", headers=header).status_code == 200
    assert Client().get("/api/v1/work/cases", headers=header).status_code == 401


def test_one_statement_finds_the_caller_and_use_is_noted_once_a_minute() -> None:
    at = now()
    row, secret = client_of(at)
    system = System(row, secret)
    system.get("/events")
    row.refresh_from_db()
    first = row.last_used_at
    assert first is not None
    with CaptureQueriesContext(connection) as captured:
        system.get("/events")
    texts = [q["sql"] for q in captured]
    assert len([t for t in texts if "partners_accesstoken" in t]) == 1
    assert not [t for t in texts if t.startswith("UPDATE")] and len(texts) == 2
    ApiClient.objects.update(last_used_at=first - timedelta(minutes=2))
    system.get("/events")
    row.refresh_from_db()
    assert row.last_used_at >= first


def test_every_scope_names_real_operations_and_permissions() -> None:
    names = {operation["operationId"] for operation in OPERATIONS.values()}
    codes = {permission.code for permission in all_permissions()}
    assert operations_of(SCOPES) <= names and permissions_of(SCOPES) <= codes


NAMES = {"{case_id}": "1", "{code}": "abcd", "{draft_id}": "00000000-0000-0000-0000-000000000001"}


@settings(max_examples=12)
@given(scopes=some.lists(some.sampled_from(ALL), min_size=1, unique=True))
def test_a_client_opens_exactly_the_operations_of_its_scopes(scopes: list[str]) -> None:
    row, secret = client_of(now(), scopes=tuple(scopes))
    system = System(row, secret)
    actor_now = caller_of(system.token, address="127.0.0.1", at=now()).actor
    assert {p for posting in actor_now.postings for p in posting.permissions} == permissions_of(
        scopes
    )
    allowed = operations_of(scopes)
    for (method, path), operation in OPERATIONS.items():
        if operation.get("security") == []:
            continue
        for name, value in NAMES.items():
            path = path.replace(name, value)
        answer = system.call(method, _filled(path), {})
        is_shut = "访问令牌没有这项操作" in answer.content.decode()
        assert is_shut is (operation["operationId"] not in allowed), (method, path)


def _filled(path: str) -> str:
    return re.sub(r"\{[a-z_]+\}", "1", path).removeprefix("/api/v1")


def test_it_sees_and_acts_on_its_own_organs_cases_only_and_the_record_says_who() -> None:
    at = now()
    mine, other = case(), another_organs_case()
    organ = Case.objects.get(pk=mine.pk).organ.slug
    assert organ != Case.objects.get(pk=other.pk).organ.slug
    row, secret = client_of(at, organ=organ)
    system = System(row, secret)
    assert system.get(f"/cases/{mine.pk}").status_code == 200
    seen = {line["id"] for line in system.get("/work/cases?size=100").json()["cases"]}
    assert mine.pk in seen and other.pk not in seen
    body = {"version": 99, "ground": "none", "expected": "5wd", "reason": "原因说明"}
    for path in (f"/cases/{other.pk}/pause", f"/cases/{other.pk}/report-back"):
        assert system.post(path, body | {"status": "办理中"}).status_code in (404, 422)
    assert system.get(f"/cases/{other.pk}").status_code == 404
    step = next(s for s in system.get(f"/cases/{mine.pk}").json()["steps"] if s["state"] == "OPEN")
    version = system.get(f"/cases/{mine.pk}").json()["case"]["version"]
    done = system.post(
        f"/cases/{mine.pk}/give-opinion",
        {
            "version": version,
            "step": step["code"],
            "conclusion": "AGREE",
            "opinion": "材料属实,符合要求。",
            "second_person": "qian-review" if step["people"] > 1 else "",
        },
    )
    assert done.status_code == 200, done.content.decode()
    last = RecordEntry.objects.filter(subject=f"case:{mine.pk}").order_by("-seq").first()
    assert last is not None and last.actor == f"client:{row.pk}"


def test_a_personal_answer_is_masked_for_a_client() -> None:
    mine = case()
    row, secret = client_of(now(), organ=Case.objects.get(pk=mine.pk).organ.slug)
    told = System(row, secret).get(f"/cases/{mine.pk}").json()
    assert told["is_masked"] and told["codes"] is None and "林小满" not in str(told)


def test_the_digest_is_what_is_kept() -> None:
    row, secret = client_of(now())
    system = System(row, secret)
    assert bytes(AccessToken.objects.get(client=row).digest) == digest_of(system.token)
