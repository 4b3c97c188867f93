"""What the city holds is not asked for; what it does not know is asked for; a silent source sends
nobody away (R270). The applicant has no licence of the kinds unless a test gives one."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.acting import actor, answers_for
from tests.integration.branching import people

from yiwang.apps.cases.branch_handlers import ASK_AGAIN
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, CaseMaterial
from yiwang.apps.cases.operations import drafts, filing, held, receiving
from yiwang.apps.catalog.public import current_version
from yiwang.apps.certificates import outages
from yiwang.apps.certificates.errors import InvalidActError
from yiwang.apps.certificates.models import Certificate, SourceOutage
from yiwang.apps.people.public import Hall, Organ, Party
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
__all__ = ["people"]
ITEM, CODE, KIND = "residence-permit", "resident_id", "resident_id"
"""An item with one material that the city may hold: named below from its definition."""


def material(at: datetime) -> Any:
    version = current_version(ITEM, today=civil_date(at))
    assert version is not None
    return next(m for m in version.definition.materials if m.licence_kind == KIND)


def without_licence(person: Party) -> None:
    Certificate.objects.filter(holder=person, kind=KIND).delete()


def give_licence(person: Party, at: datetime) -> Certificate:
    return Certificate.objects.create(
        identifier=f"test-{person.pk}-{KIND}",
        kind=KIND,
        name="居民身份证",
        number="11010519491231002X",
        holder=person,
        organ=Organ.objects.order_by("id")[0],
        fields={},
        issued_on=civil_date(at) - timedelta(days=100),
        source="公安人口库",
    )


def begun(people: dict[str, Any], at: datetime, *, leave_out: bool) -> Any:
    """A draft with every file but, where `leave_out`, the one in question."""
    version = current_version(ITEM, today=civil_date(at))
    assert version is not None
    citizen = people["citizen"]
    row = drafts.start_draft(
        version=version,
        applicant=Party.objects.get(pk=citizen.party_id),
        hall=Hall.objects.get(slug="yecheng-hall"),
        channel="ONLINE",
        actor=citizen,
        at=at,
        form=answers_for(ITEM),
    )
    for one in version.definition.materials:
        if one.source != "FORM" and not (leave_out and one.licence_kind == KIND):
            drafts.add_file(
                draft_id=row.pk, code=one.code, name="a.pdf", content=PDF, actor=citizen, at=at
            )
    return row


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def party(people: dict[str, Any]) -> Party:
    found = Party.objects.get(pk=people["citizen"].party_id)
    without_licence(found)
    return found


def the_material(case: Case, at: datetime) -> CaseMaterial:
    return CaseMaterial.objects.get(case=case, code=material(at).code)


@pytest.mark.row("R270")
def test_found_is_not_asked_for_and_not_found_is(
    at: datetime, people: dict[str, Any], party: Party
) -> None:
    row = begun(people, at, leave_out=True)
    with pytest.raises(InvalidInputError) as missing, transaction.atomic():
        filing.submit(draft_id=row.pk, actor=people["citizen"], at=at)
    assert f"material-{material(at).code}" in missing.value.fields
    give_licence(party, at)
    case = filing.submit(draft_id=row.pk, actor=people["citizen"], at=at)
    found = the_material(case, at)
    assert found.status == "HELD"
    assert "公安人口库" in found.note


@pytest.mark.row("R270")
@pytest.mark.parametrize("asked", ["{}", "{}复印件", "《{}》原件"])
def test_a_correction_notice_cannot_ask_for_what_is_held(
    at: datetime, people: dict[str, Any], party: Party, asked: str
) -> None:
    give_licence(party, at)
    case = filing.submit(
        draft_id=begun(people, at, leave_out=True).pk, actor=people["citizen"], at=at
    )
    what = asked.format(material(at).name)
    with pytest.raises(InvalidInputError, match="需要修改") as refused, transaction.atomic():
        receiving.request_correction(
            case_id=case.pk, items=[(what, "请补交一份")], actor=people["clerk"], at=at
        )
    assert "不能再要求申请人提交" in refused.value.fields["items"]
    with pytest.raises(InvalidInputError), transaction.atomic():
        receiving.tick(
            case_id=case.pk,
            code=material(at).code,
            points=[],
            problem="请补交",
            actor=people["clerk"],
            at=at,
        )
    other = receiving.request_correction(
        case_id=case.pk,
        items=[(f"{material(at).name}上的地址", "与申请表不一致,请说明")],
        actor=people["clerk"],
        at=at,
    )
    assert other.state == "CORRECTION"


@pytest.mark.row("R270")
def test_what_is_found_later_is_taken_and_not_asked_for(
    at: datetime, people: dict[str, Any], party: Party, tmp_path: Path
) -> None:
    silent(at, people)
    case = filing.submit(
        draft_id=begun(people, at, leave_out=True).pk, actor=people["citizen"], at=at
    )
    CaseMaterial.objects.filter(case=case, status="UNCERTAIN").update(status="MISSING")
    give_licence(party, at)
    code = material(at).code
    with pytest.raises(InvalidInputError) as refused, transaction.atomic():
        receiving.request_correction(
            case_id=case.pk,
            items=[(material(at).name, "没有提交")],
            actor=people["clerk"],
            at=at,
        )
    assert "取用已有证照" in refused.value.fields["items"]
    held.use_held(case_id=case.pk, code=code, actor=people["clerk"], at=at)
    assert the_material(case, at).status == "HELD"
    with pytest.raises(NotNowError), transaction.atomic():
        held.use_held(case_id=case.pk, code=code, actor=people["clerk"], at=at)
    assert verify_all(tmp_path).findings == []


def silent(at: datetime, people: dict[str, Any]) -> SourceOutage:
    return outages.note_outage(
        source="公安人口库",
        kinds=[KIND],
        reason="对方 9 点起无法连接",
        actor=actor("zhu-system", at),
        at=at,
    )


@pytest.mark.row("R270")
@pytest.mark.parametrize("is_found", [True, False])
def test_a_silent_source_sends_nobody_away_and_is_asked_again(
    at: datetime, people: dict[str, Any], party: Party, is_found: bool, tmp_path: Path
) -> None:
    outage = silent(at, people)
    row = begun(people, at, leave_out=True)
    case = filing.submit(draft_id=row.pk, actor=people["citizen"], at=at)
    assert the_material(case, at).status == "UNCERTAIN"
    with pytest.raises(InvalidInputError) as refused, transaction.atomic():
        receiving.request_correction(
            case_id=case.pk, items=[(material(at).name, "没有")], actor=people["clerk"], at=at
        )
    assert "不能要求申请人补交" in refused.value.fields["items"]
    if is_found:
        give_licence(party, at)
    later = at + timedelta(hours=5)
    outages.end_outage(outage_id=outage.pk, actor=actor("zhu-system", at), at=later)
    while drain(at=later):
        pass
    assert Timer.objects.filter(subject=case.subject, kind=ASK_AGAIN).exists()
    sweep(at=later)
    while drain(at=later):
        pass
    assert the_material(case, at).status == ("HELD" if is_found else "MISSING")
    told = Message.objects.filter(kind="cases.answered", subject=case.subject)
    assert told.exists() is not is_found
    assert verify_all(tmp_path).findings == []


@pytest.mark.row("R270")
def test_with_a_silent_source_an_own_copy_may_be_handed_in(
    at: datetime, people: dict[str, Any], party: Party
) -> None:
    silent(at, people)
    row = begun(people, at, leave_out=False)
    case = filing.submit(draft_id=row.pk, actor=people["citizen"], at=at)
    assert the_material(case, at).status == "PROVIDED"


def test_an_outage_is_noted_by_who_may_once_and_with_its_kinds(
    at: datetime, people: dict[str, Any]
) -> None:
    silent(at, people)
    with pytest.raises(outages.NotNowError), transaction.atomic():
        silent(at, people)
    with pytest.raises(AccessDeniedError), transaction.atomic():
        outages.note_outage(
            source="省库", kinds=[KIND], reason="连接不上了", actor=people["clerk"], at=at
        )
    with pytest.raises(InvalidActError) as found, transaction.atomic():
        outages.note_outage(
            source="省库", kinds=["nothing"], reason="连接不上了",
            actor=actor("zhu-system", at), at=at,
        )  # fmt: skip
    assert "kinds" in found.value.fields
