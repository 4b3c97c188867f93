"""Limits and thresholds: ruled by two people from a day on, within what still protects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import actor
from tests.pages.client import signed_in
from tests.ruling import forgetting, proposed, ruled, wanted

from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.foundation.parameters.changing import (
    InvalidParameterError,
    ParameterError,
    confirm,
    drop,
    propose,
)
from yiwang.foundation.parameters.current import declared, forget, parameter
from yiwang.foundation.parameters.models import ParameterProposal, ParameterValue
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

__all__ = ["forgetting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("forgetting")]

LIST, FIX, IDLE = "/admin/parameters/", "ratings.fix", "people.staff_idle"


def typed(**more: Any) -> dict[str, Any]:
    day = str(civil_date(now()) + timedelta(days=10))
    texts = {"source": "本市 12 号文", "article": "第三条", "reason": "压缩整改时限"}
    return {"value": "3", "valid_from": day, **texts, **more}


def test_the_list_shows_every_parameter_with_its_source_in_few_statements() -> None:
    client = signed_in("zhu-system")
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(LIST)
    assert len(captured) <= 8
    text = response.content.decode()
    assert [one.label for one in declared() if one.label not in text] == []
    assert "德州、襄城的规定" in text
    assert "见转述,未见原文" in text


@pytest.mark.parametrize("path", [LIST, f"{LIST}{FIX}/"])
def test_only_who_proposes_or_confirms_opens_it(path: str) -> None:
    for login in ("zhu-system", "qin-security"):
        assert signed_in(login).get(path).status_code == 200
    for login in ("you-audit", "chen-window", "lin-xiaoman"):
        assert signed_in(login).get(path).status_code == 403
    assert signed_in("zhu-system").get(f"{LIST}no.such/").status_code == 404


def test_a_number_proposed_by_one_and_confirmed_by_another_holds_from_its_day() -> None:
    at = now()
    assert signed_in("zhu-system").post(f"{LIST}{FIX}/", typed()).status_code == 303
    row, today = ParameterProposal.objects.get(code=FIX), civil_date(at)
    assert "等待确认" in signed_in("qin-security").get(f"{LIST}{FIX}/").content.decode()
    url = f"{LIST}{FIX}/{row.pk}/"
    assert signed_in("zhu-system").post(url, {"act": "confirm"}).status_code == 403
    assert signed_in("qin-security").post(url, {"act": "confirm"}).status_code == 303
    forget()
    assert parameter(FIX, on=row.valid_from - timedelta(days=1)).words == "5 个工作日"
    assert parameter(FIX, on=row.valid_from).words == "3 个工作日"
    assert parameter(FIX, on=row.valid_from).source == "本市 12 号文 第三条"
    told = signed_in("zhu-system").get(LIST).content.decode()
    assert "起 3 个工作日" in told
    assert parameter(FIX, on=today).value == 5
    entries = RecordEntry.objects.filter(subject=f"parameter:{FIX}").order_by("seq")
    assert [e.operation for e in entries] == ["parameters.propose", "parameters.confirm"]
    assert verify_all(environment().roots).is_clean


def test_nobody_confirms_his_own_even_holding_both_rights() -> None:
    at = now()
    row = proposed(FIX, 3, valid_from=civil_date(at), at=at)
    ParameterProposal.objects.filter(pk=row.pk).update(proposed_by=actor("qin-security", at).ref)
    with pytest.raises(ParameterError, match="您自己提出"):
        confirm(proposal_id=row.pk, actor=actor("qin-security", at), at=at)
    with pytest.raises(IntegrityError, match="parameter_two_people"), transaction.atomic():
        ParameterValue.objects.create(
            proposal=row,
            code=FIX,
            value=3,
            valid_from=civil_date(at),
            source="x",
            reason="x",
            proposed_by="account:1",
            proposed_by_label="甲",
            confirmed_by="account:1",
            confirmed_by_label="甲",
            confirmed_at=at,
        )


def test_a_ruled_value_and_a_settled_proposal_are_never_changed() -> None:
    value = ruled(FIX, 3, valid_from=civil_date(now()))
    rows: list[Any] = [
        ParameterValue.objects.filter(pk=value.pk),
        ParameterProposal.objects.filter(pk=value.proposal_id),
    ]
    for found in rows:
        for change in (lambda f: f.update(value=9), lambda f: f._raw_delete("default")):
            with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
                change(found)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value", "0"),
        ("value", "11"),
        ("value", "三"),
        ("value", "-1"),
        ("valid_from", "2020-01-01"),
        ("valid_from", "明天"),
        ("source", ""),
        ("reason", "改"),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_is_lost(field: str, text: str) -> None:
    given = typed(**{field: text})
    response = signed_in("zhu-system").post(f"{LIST}{FIX}/", given)
    assert response.status_code == 422
    shown = {f["name"]: f for f in response.context["fields"]}
    assert [name for name, f in shown.items() if f["error"]] == [field]
    assert {name: f["value"] for name, f in shown.items()} == given
    assert not ParameterProposal.objects.exists()


@pytest.mark.parametrize("one", declared(), ids=lambda one: one.code)
def test_no_protection_is_ruled_away(one: Any) -> None:
    at = now()
    for value in (one.lowest - 1, one.highest + 1):
        with pytest.raises(InvalidParameterError):
            propose(
                code=one.code,
                wanted=wanted(value, civil_date(at)),
                actor=actor("zhu-system", at),
                at=at,
            )


def test_one_open_proposal_at_a_time_and_one_sent_back_makes_room() -> None:
    at = now()
    first = proposed(FIX, 3, valid_from=civil_date(at), at=at)
    with pytest.raises(ParameterError, match="等确认"):
        proposed(FIX, 4, valid_from=civil_date(at), at=at)
    client, url = signed_in("qin-security"), f"{LIST}{FIX}/{first.pk}/"
    assert client.post(url, {"act": "drop", "why": "否"}).status_code == 422
    assert client.post(url, {"act": "drop", "why": "没有依据文件"}).status_code == 303
    told = signed_in("zhu-system").get(f"{LIST}{FIX}/").content.decode()
    assert "退回的变更" in told and "没有依据文件" in told  # who proposed learns why
    assert client.post(url, {"act": "confirm"}).status_code == 409
    assert parameter(FIX, on=civil_date(at)).value == 5
    proposed(FIX, 4, valid_from=civil_date(at), at=at)


def test_a_day_that_has_passed_before_the_confirmation_is_not_ruled_backwards() -> None:
    at = now()
    row = proposed(FIX, 3, valid_from=civil_date(at), at=at)
    late = at + timedelta(days=1)
    with pytest.raises(ParameterError, match="已经过去"):
        confirm(proposal_id=row.pk, actor=actor("qin-security", late), at=late)


def test_only_the_one_proposes_and_only_the_other_settles() -> None:
    at = now()
    row, terms = proposed(FIX, 3, valid_from=civil_date(at), at=at), wanted(3, civil_date(at))
    for login in ("qin-security", "you-audit", "chen-window"):
        with pytest.raises(AccessDeniedError):
            propose(code=FIX, wanted=terms, actor=actor(login, at), at=at)
    for login in ("zhu-system", "you-audit", "chen-window"):
        with pytest.raises(AccessDeniedError):
            confirm(proposal_id=row.pk, actor=actor(login, at), at=at)
        with pytest.raises(AccessDeniedError):
            drop(proposal_id=row.pk, reason="没有依据文件", actor=actor(login, at), at=at)


def test_a_shorter_idle_time_signs_out_earlier() -> None:
    client = signed_in("chen-window")
    session = client.session
    session["seen"] -= 10 * 60
    session.save()
    assert client.get("/work/accept/").status_code == 200
    ruled(IDLE, 5, valid_from=civil_date(now()))
    session = client.session
    session["seen"] -= 10 * 60
    session.save()
    assert client.get("/work/accept/")["Location"].startswith("/sign-in/")
