"""Two administrators make a client, either stops it, keys are shown once and change over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import actor
from tests.pages.client import signed_in
from tests.partners.helping import (
    SECURITY,
    SYSTEM,
    System,
    client_of,
    proposal,
    token_answer,
)

from yiwang.apps.partners import clients
from yiwang.apps.partners.clients import ClientError
from yiwang.apps.partners.models import ApiClient, ClientSecret
from yiwang.apps.partners.sending import push_pending
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
LIST = "/admin/clients/"


@pytest.mark.parametrize("login", [SYSTEM, "you-audit", "sun-approve"])
def test_only_the_security_administrator_registers(login: str) -> None:
    at = now()
    with pytest.raises(AccessDeniedError):
        clients.propose(proposal(), actor=actor(login, at), at=at)


def test_neither_administrator_alone_makes_a_client_that_works() -> None:
    at = now()
    row = clients.propose(proposal(), actor=actor(SECURITY, at), at=at)
    with pytest.raises(AccessDeniedError):
        clients.confirm(client_id=row.pk, actor=actor(SECURITY, at), at=at)
    assert not ClientSecret.objects.filter(client=row).exists()
    assert token_answer(row, "").status_code == 401
    # Not even a row written past the operations: the database knows it too.
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiClient.objects.filter(pk=row.pk).update(state="ACTIVE", confirmed_by=row.proposed_by)
    clients.confirm(client_id=row.pk, actor=actor(SYSTEM, at), at=at)
    with pytest.raises(ClientError):
        clients.confirm(client_id=row.pk, actor=actor(SYSTEM, at), at=at)


def test_the_record_names_who_did_what_and_no_key() -> None:
    at = now()
    row, secret = client_of(at)
    entries = list(RecordEntry.objects.filter(subject=row.subject).order_by("seq"))
    assert [e.operation for e in entries] == [
        "partners.propose_client",
        "partners.confirm_client",
        "partners.issue_secret",
    ]
    assert len({e.actor for e in entries}) == 2
    assert secret not in str([e.facts for e in entries])
    assert secret not in str(list(ClientSecret.objects.values()))


def test_a_rotation_needs_both_and_two_keys_work_meanwhile() -> None:
    at = now()
    row, first = client_of(at)
    with pytest.raises(ClientError):
        clients.rotate(client_id=row.pk, actor=actor(SYSTEM, at), at=at)
    clients.ask_rotation(client_id=row.pk, actor=actor(SECURITY, at), at=at)
    second = clients.rotate(client_id=row.pk, actor=actor(SYSTEM, at), at=at)
    assert [token_answer(row, key).status_code for key in (first, second)] == [200, 200]
    # A second change at once leaves two, never three.
    clients.ask_rotation(client_id=row.pk, actor=actor(SECURITY, at), at=at)
    third = clients.rotate(client_id=row.pk, actor=actor(SYSTEM, at), at=at)
    assert [token_answer(row, key).status_code for key in (first, second, third)] == [401, 200, 200]
    ClientSecret.objects.filter(client=row, ends_at__isnull=False).update(
        ends_at=at - timedelta(seconds=1)
    )
    assert token_answer(row, second).status_code == 401


@pytest.mark.parametrize("login", [SECURITY, SYSTEM])
def test_either_administrator_stops_it_with_the_next_request(login: str) -> None:
    at = now()
    row, secret = client_of(at)
    system = System(row, secret)
    assert system.get("/work/cases").status_code == 200
    clients.disable(client_id=row.pk, reason="负责人已离职", actor=actor(login, at), at=at)
    assert system.get("/work/cases").status_code == 401
    assert token_answer(row, secret).status_code == 401
    assert push_pending(at=at) == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"organ_slug": "none"}, "organ"),
        ({"owner_login": "lin-xiaoman"}, "owner"),
        ({"contact": ""}, "contact"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("people.unmask",)}, "scopes"),
        ({"networks": ()}, "networks"),
        ({"networks": ("10.0.0.1/8",)}, "networks"),
        ({"valid_until": None}, "valid_until"),
        ({"valid_until": civil_date(now()) + timedelta(days=400)}, "valid_until"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong: dict[str, Any], field: str) -> None:
    at = now()
    with pytest.raises(ClientError) as error:
        clients.propose(proposal(**wrong), actor=actor(SECURITY, at), at=at)
    assert set(error.value.fields) == {field}


def form() -> dict[str, Any]:
    return {
        "name": "市场监管业务系统",
        "organ": "taolin-market",
        "owner": "luo-liaison",
        "contact": "罗联络 0000-12345678",
        "scopes": ["cases.read", "events.read"],
        "networks": "127.0.0.0/8\n10.2.3.0/24",
        "valid_until": str(civil_date(now()) + timedelta(days=30)),
    }


def test_the_pages_from_registering_to_stopping() -> None:
    security, system = signed_in(SECURITY), signed_in(SYSTEM)
    assert "没有接入系统" in security.get(LIST).content.decode()
    wrong = security.post(f"{LIST}new/", form() | {"networks": "nowhere"})
    assert wrong.status_code == 422 and "不是网段" in wrong.content.decode()
    made = security.post(f"{LIST}new/", form())
    assert made.status_code == 303
    page = made["Location"]
    assert "确认启用" not in security.get(page).content.decode()
    assert security.post(f"{page}confirm/").status_code == 403
    assert system.get(f"{LIST}new/").status_code == 403
    confirmed = system.post(f"{page}confirm/")
    assert "密钥只显示这一次" in confirmed.content.decode()
    assert confirmed["Cache-Control"] == "no-store"
    assert "密钥只显示这一次" not in system.get(page).content.decode()
    assert system.post(f"{page}confirm/").status_code == 409
    assert system.post(f"{page}rotate/").status_code == 409
    assert security.post(f"{page}ask-rotation/").status_code == 303
    assert "密钥只显示这一次" in system.post(f"{page}rotate/").content.decode()
    assert security.post(f"{page}disable/", {"reason": ""}).status_code == 422
    assert security.post(f"{page}disable/", {"reason": "系统下线"}).status_code == 303
    assert "已停用" in security.get(LIST).content.decode()


@pytest.mark.parametrize("login", ["you-audit", "sun-approve", "lin-xiaoman"])
def test_nobody_else_opens_the_pages(login: str) -> None:
    row, _ = client_of(now())
    for path in (LIST, f"{LIST}new/", f"{LIST}{row.pk}/"):
        assert signed_in(login).get(path).status_code == 403


def test_its_owner_sees_it_and_nobody_else_does() -> None:
    row, _ = client_of(now())
    text = signed_in("luo-liaison").get(f"/work/clients/{row.pk}/").content.decode()
    assert row.identifier in text and "立即停用" not in text
    assert row.name in signed_in("luo-liaison").get("/work/clients/").content.decode()
    assert signed_in("sun-approve").get(f"/work/clients/{row.pk}/").status_code == 404
    assert "没有接入系统" in signed_in("sun-approve").get("/work/clients/").content.decode()
