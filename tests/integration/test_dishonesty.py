"""告知承诺 is not for whom serious dishonesty is unrepaired, nor for high-risk items (R123)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import actor, draft
from tests.authorising import party
from tests.integration.branching import FOOD, people
from tests.integration.test_authorisations import tell_all
from tests.integration.test_branches import promising
from tests.pages.client import signed_in
from tests.unit.catalog.demonstration import PACKAGES

from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.operations import drafts, filing
from yiwang.apps.catalog.domain.publishing_special import special_problems
from yiwang.apps.people import crediting
from yiwang.apps.people.authority_terms import AuthorityError, InvalidTermsError
from yiwang.apps.people.credit_models import DishonestyListing
from yiwang.apps.people.crediting import Entry
from yiwang.foundation.access import AccessDeniedError
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("promising")]
__all__ = ["people", "promising"]
ENTERS, CONFIRMS, ELSEWHERE = "luo-liaison", "tang-supervise", "fan-liaison"
PERSON = "lin-xiaoman"


def entry(at: datetime, **more: Any) -> Entry:
    values: dict[str, Any] = {
        "list_name": "市场监督管理严重违法失信名单",
        "article": "市场监督管理严重违法失信名单管理办法 §2",
        "organ": "椰城市市场监督管理局",
        "document": "椰市监列〔2026〕3号",
        "listed_on": civil_date(at) - timedelta(days=9),
    }
    return Entry(**{**values, **more})


def listed(at: datetime) -> DishonestyListing:
    row = crediting.enter_listing(
        party=party(PERSON), entry=entry(at), actor=actor(ENTERS, at), at=at
    )
    return crediting.decide_listing(
        listing_id=row.pk, approved=True, reason="", actor=actor(CONFIRMS, at), at=at
    )


def choose(at: datetime, people: dict[str, Any], row: Any) -> None:
    with transaction.atomic():
        drafts.choose_commitment(draft_id=row.pk, code="permit", actor=people["citizen"], at=at)


@pytest.mark.row("R123")
def test_it_is_closed_from_the_confirmation_to_the_repair_and_the_ordinary_way_stays_open(
    at: datetime, people: dict[str, Any], tmp_path: Path
) -> None:
    row = draft(FOOD, by=people["citizen"], at=at)
    choose(at, people, row)
    mark = listed(at)
    with pytest.raises(InvalidInputError) as chosen:
        choose(at, people, row)
    assert "一般程序" in chosen.value.fields["commitment"]
    with pytest.raises(InvalidInputError) as handed, transaction.atomic():
        filing.submit(draft_id=row.pk, actor=people["citizen"], at=at)
    assert "42号" in handed.value.fields["commitment"]
    drafts.choose_commitment(draft_id=row.pk, code="", actor=people["citizen"], at=at)
    assert filing.submit(draft_id=row.pk, actor=people["citizen"], at=at).state == "RECEIVED"
    crediting.repair_listing(
        listing_id=mark.pk,
        document="椰市监修〔2026〕1号",
        repaired_on=civil_date(at),
        actor=actor(ENTERS, at),
        at=at,
    )
    again = draft(FOOD, by=people["citizen"], at=at)
    choose(at, people, again)
    assert filing.submit(draft_id=again.pk, actor=people["citizen"], at=at).commitment == "permit"
    told = {m.title for m in tell_all(at)[party(PERSON).pk] if m.subject == mark.subject}
    assert told == {"失信记录已经修复"}
    assert [f for f in verify_all(tmp_path).findings if f[0] == mark.subject] == []


@pytest.mark.row("R123")
def test_an_entry_that_nobody_confirmed_closes_nothing(
    at: datetime, people: dict[str, Any]
) -> None:
    row = crediting.enter_listing(
        party=party(PERSON), entry=entry(at), actor=actor(ENTERS, at), at=at
    )
    choose(at, people, draft(FOOD, by=people["citizen"], at=at))
    with pytest.raises(InvalidTermsError), transaction.atomic():
        crediting.decide_listing(
            listing_id=row.pk, approved=False, reason="", actor=actor(CONFIRMS, at), at=at
        )
    crediting.decide_listing(
        listing_id=row.pk, approved=False, reason="不是同一个人", actor=actor(CONFIRMS, at), at=at
    )
    choose(at, people, draft(FOOD, by=people["citizen"], at=at))


@pytest.mark.row("R123")
def test_a_high_risk_item_cannot_be_published_with_a_commitment() -> None:
    definition = PACKAGES["public-place-hygiene"]
    assert definition.commitments and not special_problems(definition)
    risky = definition.model_copy(update={"is_high_risk": True})
    assert [p.message for p in special_problems(risky)] == [
        "高风险事项不能用告知承诺(国办发〔2020〕42号),请去掉。"
    ]


def test_two_people_and_the_database_says_so_too(at: datetime) -> None:
    row = crediting.enter_listing(
        party=party(PERSON), entry=entry(at), actor=actor(ENTERS, at), at=at
    )
    both = replace(actor(CONFIRMS, at), ref=row.entered_by)
    with pytest.raises(AuthorityError, match="两个人"), transaction.atomic():
        crediting.decide_listing(listing_id=row.pk, approved=True, reason="", actor=both, at=at)
    with pytest.raises(AccessDeniedError), transaction.atomic():
        crediting.decide_listing(
            listing_id=row.pk, approved=True, reason="", actor=actor(ELSEWHERE, at), at=at
        )
    rows = DishonestyListing.objects.filter(pk=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(confirmed_by=row.entered_by, confirmed_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(repaired_on=date(2026, 3, 1), repair_document="x", repaired_by="account:1")
    with pytest.raises(AuthorityError, match="已经录入"), transaction.atomic():
        crediting.enter_listing(
            party=party(PERSON), entry=entry(at), actor=actor(ENTERS, at), at=at
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [("list_name", "x"), ("article", ""), ("organ", " "), ("document", ""),
     ("listed_on", None), ("listed_on", date(2099, 1, 1))],
)  # fmt: skip
def test_what_is_missing_is_named(at: datetime, field: str, value: Any) -> None:
    with pytest.raises(InvalidTermsError) as found:
        crediting.enter_listing(
            party=party(PERSON), entry=entry(at, **{field: value}), actor=actor(ENTERS, at), at=at
        )
    assert field in found.value.fields


def test_the_pages_from_entering_to_what_the_person_reads(at: datetime) -> None:
    enters, confirms = signed_in(ENTERS), signed_in(CONFIRMS)
    assert "没有严重失信记录" in enters.get("/dishonesty/").content.decode()
    person = party(PERSON)
    typed = {
        "paper_kind": PaperKind.RESIDENT_ID.value,
        "paper_number": "not a number",
        **{k: str(v) for k, v in vars_of(entry(at)).items()},
    }
    unknown = enters.post("/dishonesty/enter/", typed)
    assert unknown.status_code == 422
    assert "没有找到持这个证件的服务对象" in unknown.content.decode()
    assert "椰市监列〔2026〕3号" in unknown.content.decode()
    typed["paper_number"] = person.paper_number
    assert enters.post("/dishonesty/enter/", typed).status_code == 303
    row = DishonestyListing.objects.get()
    assert "待确认" in enters.get("/dishonesty/").content.decode()
    assert enters.post(f"/dishonesty/{row.pk}/decide/", {"answer": "yes"}).status_code == 403
    assert signed_in(ELSEWHERE).get(f"/dishonesty/{row.pk}/repair/").status_code == 404
    assert confirms.post(f"/dishonesty/{row.pk}/decide/", {}).status_code == 422
    assert confirms.post(f"/dishonesty/{row.pk}/decide/", {"answer": "yes"}).status_code == 303
    assert "未修复" in confirms.get("/dishonesty/").content.decode()
    mine = signed_in(PERSON).get("/my/account/").content.decode()
    assert "市场监督管理严重违法失信名单" in mine
    assert "严重失信记录" not in signed_in("ouyang-yan").get("/my/account/").content.decode()
    done = enters.post(
        f"/dishonesty/{row.pk}/repair/", {"document": "修〔2026〕1号", "repaired_on": "2026-11-20"}
    )
    assert done.status_code == 303
    assert "已修复" in signed_in(PERSON).get("/my/account/").content.decode()
    assert signed_in("he-window").get("/dishonesty/").status_code == 403


def vars_of(one: Entry) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
