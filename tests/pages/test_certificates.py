"""Pages of certificates and of oversight: the holder's, the organ's, everybody's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.acting import actor
from tests.integration.certifying import FACTS, REASON, certificate_of, granted
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.operations import deciding, filing, receiving
from yiwang.apps.certificates import revoking
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.apps.oversight.models import FollowUpCheck, Publication
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.outbox.relay import drain
from yiwang.kernel.moment import civil_date
from yiwang.site.measuring import acting

pytestmark = pytest.mark.django_db


def people(at: datetime) -> dict[str, Any]:
    logins = {"citizen": "lin-xiaoman", "clerk": "chen-window", "reviewer": "zhao-review",
              "approver": "sun-approve"}  # fmt: skip
    return {name: actor(login, at) for name, login in logins.items()}


@pytest.fixture
def case() -> Case:
    """Granted a month ago on a promise."""
    cache.clear()
    at = now() - timedelta(days=30)
    who = people(at)
    draft = acting.draft("food-business-licence", by=who["citizen"], at=at, hall="taolin-hall")
    Draft.objects.filter(pk=draft.pk).update(commitment="permit_commitment")
    made = filing.submit(draft_id=draft.pk, actor=who["citizen"], at=at)
    acting.tick_all(made, clerk=who["clerk"], at=at)
    receiving.accept(case_id=made.pk, actor=who["clerk"], at=at)
    acting.reviewed(made, reviewer=who["reviewer"], at=at)
    done = deciding.grant(case_id=made.pk, actor=who["approver"], at=at)
    drain(at=at)
    return done


def text_of(login: str, path: str, status: int = 200) -> str:
    client = signed_in(login) if login else Client()
    response = client.get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def post(login: str, path: str, data: dict[str, Any], status: int = 303) -> str:
    response = signed_in(login).post(path, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def check_code(case: Case) -> str:
    row = certificate_of(case)
    return LegalDocument.objects.get(pk=row.document_id).check_code


def test_a_holder_reports_a_loss_and_everybody_who_checks_sees_it(case: Case) -> None:
    row = certificate_of(case)
    here = f"/my/certificates/{row.pk}/"
    page = text_of("lin-xiaoman", "/my/certificates/")
    assert "天到期" in page
    assert "/items/food-business-licence/" in page
    assert "承诺核查:待核查" in page
    assert "挂失" in text_of("lin-xiaoman", here)
    text_of("wang-shouren", here, 404)
    assert "有几处需要" in post("lin-xiaoman", f"{here}lost/", {"reason": ""}, 422)
    post("lin-xiaoman", f"{here}lost/", {"reason": "公交车上遗失", "replace": "1"})
    today = civil_date(now())
    checked = text_of("", f"/check/{check_code(case)}/")
    assert "这份证照已挂失" in checked
    assert f"{today.year}年{today.month}月{today.day}日" in checked
    assert "申请补领" in text_of("sun-approve", "/certificates/?state=ASKED")
    post("sun-approve", f"/certificates/{row.pk}/reissue/", {})
    assert "(补1)" in text_of("", f"/check/{check_code(case)}/")
    assert "已经补发新证" in text_of("lin-xiaoman", here)


def test_a_revocation_by_pages_takes_two_and_is_seen_at_once(case: Case) -> None:
    row = certificate_of(case)
    here = f"/certificates/{row.pk}/"
    for login in ("lin-xiaoman", "chen-window", "xu-editor"):
        text_of(login, here, 403)
    text_of("zheng-approve", here, 404)
    assert "有几处需要" in post("zhao-review", f"{here}notify/", {"ground": ""}, 422)
    wanted = {"ground": "FRAUD", "facts": FACTS, "reason": REASON}
    post("zhao-review", f"{here}notify/", wanted)
    page = text_of("sun-approve", here)
    assert "期限还没有届满" in page
    assert "期限还没有届满" in post("sun-approve", f"{here}revoke/", {"reason": REASON}, 409)
    assert "陈述、申辩期内" in text_of("sun-approve", "/certificates/proposals/")
    mine = f"/my/certificates/{row.pk}/"
    assert "颁发机关拟撤销这份证照" in text_of("lin-xiaoman", mine)
    post("lin-xiaoman", f"{mine}respond/", {"choice": "WAIVE", "statement": ""})
    post("zhao-review", f"{here}revoke/", {"reason": REASON}, 403)
    post("sun-approve", f"{here}revoke/", {"reason": REASON})
    assert Certificate.objects.get(pk=row.pk).status == "REVOKED"
    checked = text_of("", f"/check/{check_code(case)}/")
    assert "这份证照已撤销" in checked
    grant = LegalDocument.objects.get(subject=case.subject, kind="GRANT_DECISION")
    assert "这份证照已撤销" in text_of("", f"/check/{grant.check_code}/")
    drain(at=now())
    assert "已失去效力" in text_of("", "/decisions/")
    paper = LegalDocument.objects.get(subject=row.record_subject, kind="REVOCATION_DECISION")
    text_of("lin-xiaoman", f"/certificates/papers/{paper.pk}/", 202)
    text_of("wang-shouren", f"/certificates/papers/{paper.pk}/", 404)


def test_dropping_cancelling_and_hearing_have_their_forms(case: Case) -> None:
    row = certificate_of(case)
    here = f"/certificates/{row.pk}/"
    at = now()
    proposal = revoking.notify(
        certificate_id=row.pk,
        finding=revoking.Finding("OTHER", FACTS, REASON),
        actor=actor("zhao-review", at),
        at=at,
    )
    mine = f"/my/certificates/{row.pk}/respond/"
    post("lin-xiaoman", mine, {"choice": "HEAR", "statement": "要求听证"})
    hearing = {
        "held_on": civil_date(at).isoformat(),
        "presiding": "柳主持",
        "text": "双方陈述、质证完毕",
    }
    post("qian-review", f"{here}hear/", {**hearing, "held_on": "x"}, 422)
    post("qian-review", f"{here}hear/", hearing)
    post("sun-approve", f"{here}drop/", {"drop_ground": "MENDED", "reason": "已经改正,不予撤销"})
    assert RevocationProposal.objects.get(pk=proposal.pk).state == "DROPPED"
    text_of("sun-approve", f"{here}cancel/")
    cancel = {"ground": "EXPIRED", "reason": "持证人申请"}
    assert "还没有过期" in post("sun-approve", f"{here}cancel/", cancel, 422)
    text_of("sun-approve", f"{here}withdraw/")
    post("sun-approve", f"{here}cancel/", {**cancel, "ground": "BY_LAW"})
    assert "注销" in text_of("lin-xiaoman", "/my/certificates/")


def test_a_check_of_a_promise_by_pages(case: Case) -> None:
    check = FollowUpCheck.objects.get(case_id=case.pk)
    assert case.short_number in text_of("zhao-review", "/follow-ups/")
    assert case.short_number not in text_of("lu-inspect", "/follow-ups/")
    text_of("lu-inspect", f"/follow-ups/{check.pk}/", 404)
    text_of("chen-window", "/follow-ups/", 403)
    here = f"/follow-ups/{check.pk}/record/"
    text_of("zhao-review", here)
    second = actor("qian-review", now()).ref
    until = (civil_date(now()) + timedelta(days=10)).isoformat()
    wanted = {"outcome": "RECTIFY", "text": "现场没有洗消间", "until": until}
    assert "两名以上" in post("zhao-review", here, wanted, 422)
    post("zhao-review", here, {**wanted, "second_person": second})
    assert "限期整改" in text_of("lin-xiaoman", f"/my/follow-ups/{check.pk}/")
    text_of("wang-shouren", f"/my/follow-ups/{check.pk}/", 404)
    assert "没有届满" in post(
        "zhao-review", here, {**wanted, "outcome": "TRANSFER", "second_person": second}, 409
    )
    paper = LegalDocument.objects.get(subject=check.subject)
    text_of("lin-xiaoman", f"/follow-ups/papers/{paper.pk}/", 202)


def test_decisions_are_open_searchable_and_exported_without_persons(case: Case) -> None:
    party = case.applicant
    row = Publication.objects.get(case_id=case.pk)
    page = text_of("", "/decisions/")
    csv = text_of("", "/decisions/export.csv")
    for text in (page, csv):
        assert row.number in text
        assert "林*" in text
        for secret in (party.name, party.paper_number, party.phone):
            assert secret not in text
    assert row.number in text_of("", f"/decisions/?q={row.number}")
    assert row.number not in text_of("", f"/decisions/?q={party.name}")
    assert row.number not in text_of("", "/decisions/?q=91990102MA0XM00158")
    assert row.number in text_of("", f"/decisions/?organ={row.organ_id}&month={row.month}")
    assert row.number not in text_of("", "/decisions/?month=2020-01")
    assert "÷ 决定" in page


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("sun-approve", "/certificates/"),
        ("sun-approve", "/certificates/proposals/"),
        ("zhao-review", "/follow-ups/"),
        ("", "/decisions/"),
        ("lin-xiaoman", "/my/certificates/"),
    ],
)
def test_the_lists_take_eight_statements(case: Case, login: str, path: str) -> None:
    client = signed_in(login) if login else Client()
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    statements = [q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 8, [q["sql"][:120] for q in statements]


def test_a_second_certificate_of_another_holder_is_not_mixed_in(case: Case) -> None:
    at = now()
    other = granted(people(at), at, hall="taolin-hall")
    assert certificate_of(other).number not in text_of("wang-shouren", "/my/certificates/")
