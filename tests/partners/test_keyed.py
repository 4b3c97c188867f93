"""Idempotency-Key: the same answer again, another body refused, two at once do it once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor
from tests.partners.helping import System, client_of

from yiwang.apps.cases.models import Case
from yiwang.apps.partners.domain.vocabulary import ClientState
from yiwang.apps.partners.models import AccessToken, ApiClient, KeyedRequest
from yiwang.apps.partners.tokens import digest_of
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry

FOOD = "food-business-licence"
KEY = "3f2b8a52-6c1e-4f0e-9d5a-0a4c8f1e2b7d"
HEAD = {"Idempotency-Key": KEY}


def case() -> Case:
    at = now()
    by, clerk = actor("lin-xiaoman", at), actor("chen-window", at)
    return accepted(FOOD, by=by, clerk=clerk, at=at, hall="taolin-hall")


def opinion(system: System, row: Case) -> dict[str, Any]:
    told = system.get(f"/cases/{row.pk}").json()
    step = next(s for s in told["steps"] if s["state"] == "OPEN")
    return {
        "version": told["case"]["version"],
        "step": step["code"],
        "conclusion": "AGREE",
        "opinion": "材料属实,符合要求。",
        "second_person": "qian-review" if step["people"] > 1 else "",
    }


def acts(row: Case) -> int:
    entries = RecordEntry.objects.filter(subject=row.subject, operation="cases.give_opinion")
    return entries.count()


@pytest.mark.django_db
def test_the_same_request_is_answered_again_and_done_once() -> None:
    row = case()
    client, secret = client_of(now(), organ=row.organ.slug)
    system = System(client, secret)
    path, body = f"/cases/{row.pk}/give-opinion", opinion(system, row)
    first, again = (system.post(path, body, **HEAD) for _ in range(2))
    assert first.status_code == again.status_code == 200, first.content.decode()
    assert first.content == again.content and again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first and acts(row) == 1
    other = system.post(path, body | {"opinion": "另一个意见。"}, **HEAD)
    assert other.status_code == 409 and "换一个新的" in other.json()["detail"]
    elsewhere = system.post(f"/cases/{row.pk}/resume", {"version": 1}, **HEAD)
    assert elsewhere.status_code == 409


@pytest.mark.django_db
def test_a_key_is_the_clients_own_and_lasts_a_day() -> None:
    row = case()
    at = now()
    one, two = client_of(at, organ=row.organ.slug), client_of(at, organ=row.organ.slug)
    path, wrong = f"/cases/{row.pk}/resume", {"version": 99}
    first = System(*one).post(path, wrong, **HEAD)
    assert "Idempotency-Replayed" not in System(*two).post(path, wrong, **HEAD)
    assert "Idempotency-Replayed" in System(*one).post(path, wrong, **HEAD)
    KeyedRequest.objects.update(asked_at=at - timedelta(hours=25))
    anew = System(*one).post(path, wrong | {"version": 98}, **HEAD)
    assert anew.status_code == first.status_code and "Idempotency-Replayed" not in anew


@pytest.mark.django_db
def test_an_answer_kept_is_sealed_and_needs_the_scope_still() -> None:
    row = case()
    client, secret = client_of(now(), organ=row.organ.slug)
    system = System(client, secret)
    path, body = f"/cases/{row.pk}/give-opinion", opinion(system, row)
    assert system.post(path, body, **HEAD).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM partners_keyedrequest")
        assert row.short_number.encode() not in bytes(cursor.fetchone()[0])
    narrow = System(client, secret, scope="cases.read")
    assert narrow.post(path, body, **HEAD).status_code == 403


@pytest.mark.django_db
def test_what_was_refused_for_want_of_a_scope_is_not_kept() -> None:
    row = case()
    client, secret = client_of(now(), organ=row.organ.slug)
    narrow = System(client, secret, scope="cases.read")
    assert narrow.post(f"/cases/{row.pk}/resume", {"version": 1}, **HEAD).status_code == 403
    assert not KeyedRequest.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "with space in it", "中文中文中文中文", "x" * 121])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    client, secret = client_of(now())
    headers = {"Idempotency-Key": key}
    answer = System(client, secret).post("/webhooks/1/replay", {"after": 0}, **headers)
    assert answer.status_code == 400


@pytest.mark.django_db
def test_it_costs_two_statements_more() -> None:
    row = case()
    client, secret = client_of(now(), organ=row.organ.slug)
    system = System(client, secret)
    path = f"/cases/{row.pk}/resume"
    counts = []
    system.post(path, {"version": 99})
    for headers in ({}, HEAD):
        with CaptureQueriesContext(connection) as captured:
            system.post(path, {"version": 99}, **headers)
        free = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        counts.append(len([q for q in captured if not q["sql"].startswith(free)]))
    assert counts[1] == counts[0] + 2


@contextmanager
def committed_client() -> Iterator[System]:
    """A client that other connections see. Taken away afterwards: its rows are nobody else's."""
    from yiwang.apps.people.public import Account, Organ

    at = now()
    row = ApiClient.objects.create(
        identifier=f"yw_test_{at.timestamp()}",
        name="并发测试",
        organ=Organ.objects.get(slug="taolin-market"),
        owner=Account.objects.get(login="luo-liaison"),
        contact="无",
        scopes=["events.subscribe"],
        networks=["127.0.0.0/8"],
        valid_until=at.date() + timedelta(days=9),
        state=ClientState.ACTIVE.value,
        proposed_by="account:1",
        proposed_at=at,
        confirmed_by="account:2",
        confirmed_at=at,
    )
    system = System.__new__(System)
    system.client, system.token = row, f"token-{row.identifier}"
    AccessToken.objects.create(
        digest=digest_of(system.token),
        client=row,
        scopes=row.scopes,
        expires_at=at + timedelta(hours=1),
    )
    try:
        yield system
    finally:
        ApiClient.objects.filter(pk=row.pk).delete()


def test_two_at_once_do_it_once(django_db_setup: None, django_db_blocker: Any) -> None:
    """Real threads with connections of their own, and real commits."""
    body = {"url": "https://example.org/in", "events": ["accepted"]}
    with django_db_blocker.unblock(), committed_client() as system:
        gate, answers = threading.Barrier(6), []

        def ask() -> None:
            gate.wait(10)
            answers.append(system.post("/webhooks", body, **HEAD))
            connections.close_all()

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert [answer.status_code for answer in answers] == [201] * 6, [
            answer.content.decode() for answer in answers
        ]
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotency-Replayed" in answer for answer in answers) == 5
        assert system.client.webhooks.count() == 1
        connections.close_all()
