"""Seals and texts are ruled by two people, from a day on; a document keeps what its day had."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, received
from tests.integration.papering import paper_of
from tests.sealing import (
    CONFIRMER,
    PROPOSER,
    engraving,
    forgetting,
    proposed_seal,
    proposed_stop,
    proposed_text,
    registered,
    reworded,
    stopped,
    unsealed,
)

from yiwang.apps.cases.models import Case
from yiwang.apps.people.models import Organ
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.documents.composing import compose
from yiwang.foundation.documents.content import Document
from yiwang.foundation.documents.in_force import forget, seal_for
from yiwang.foundation.documents.issuing import content_of
from yiwang.foundation.documents.kinds import DocumentKind, SealUse
from yiwang.foundation.documents.models import LegalDocument, OrganSeal, SealProposal, TemplateText
from yiwang.foundation.documents.registering import (
    InvalidSealError,
    SealError,
    confirm_seal,
    drop_seal,
    propose_seal,
)
from yiwang.foundation.documents.rewording import (
    InvalidTextError,
    TextError,
    confirm_text,
    drop_text,
)
from yiwang.foundation.documents.texts import SLOTS, Part, slots_of
from yiwang.foundation.parameters.current import dated_rows
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date

__all__ = ["forgetting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("forgetting")]

FOOD = "food-business-licence"
DAY = timedelta(days=1)


def receipt_of(case: Case) -> Document:
    return content_of(LegalDocument.objects.get(subject=case.subject, kind="RECEIPT"))


# Two people, in the database too


def test_nobody_registers_a_seal_alone(at: datetime) -> None:
    row = proposed_seal(unsealed(), valid_from=civil_date(at), at=at)
    SealProposal.objects.filter(pk=row.pk).update(proposed_by=actor(CONFIRMER, at).ref)
    with pytest.raises(SealError, match="您自己提出"):
        confirm_seal(proposal_id=row.pk, actor=actor(CONFIRMER, at), at=at)
    with pytest.raises(IntegrityError, match="seal_two_people"), transaction.atomic():
        OrganSeal.objects.create(**of_one_person(unsealed(), civil_date(at), at))


def of_one_person(organ: Organ, on: date, at: datetime) -> dict[str, Any]:
    return {
        "organ_id": organ.pk,
        "use": "OFFICIAL",
        "name": "某机关",
        "valid_from": on,
        "source": "x",
        "reason": "x",
        "proposed_by": "account:1",
        "proposed_by_label": "甲",
        "confirmed_by": "account:1",
        "confirmed_by_label": "甲",
        "confirmed_at": at,
    }


def test_nobody_stops_a_seal_alone(at: datetime) -> None:
    seal = registered(unsealed(), valid_from=civil_date(at))
    ending = {
        "stopped_on": civil_date(at) + DAY,
        "stop_reason": "换新",
        "stop_proposed_by": "account:1",
        "stop_confirmed_by": "account:1",
        "stop_confirmed_at": at,
    }
    with pytest.raises(IntegrityError, match="seal_stopped_by_two_people"), transaction.atomic():
        OrganSeal.objects.filter(pk=seal.pk).update(**ending)


def test_nobody_rules_a_text_alone(at: datetime) -> None:
    row = proposed_text("RECEIPT.NOTE", "请保管好", valid_from=civil_date(at), at=at)
    type(row).objects.filter(pk=row.pk).update(proposed_by=actor(CONFIRMER, at).ref)
    with pytest.raises(TextError, match="您自己提出"):
        confirm_text(proposal_id=row.pk, actor=actor(CONFIRMER, at), at=at)
    with pytest.raises(IntegrityError, match="template_two_people"), transaction.atomic():
        TemplateText.objects.create(
            proposal=row,
            code="RECEIPT.NOTE",
            text="请保管好",
            valid_from=civil_date(at),
            source="x",
            reason="x",
            proposed_by="account:1",
            proposed_by_label="甲",
            confirmed_by="account:1",
            confirmed_by_label="甲",
            confirmed_at=at,
        )


@pytest.mark.parametrize("login", ["qin-security", "you-audit", "sun-approve"])
def test_only_who_holds_the_right_proposes(login: str, at: datetime) -> None:
    wanted = engraving(civil_date(at))
    with pytest.raises(AccessDeniedError):
        propose_seal(organ_id=unsealed().pk, wanted=wanted, actor=actor(login, at), at=at)


@pytest.mark.parametrize("login", [PROPOSER, "you-audit", "sun-approve"])
def test_only_who_holds_the_other_right_settles(login: str, at: datetime) -> None:
    who, today = actor(login, at), civil_date(at)
    seal = proposed_seal(unsealed(), valid_from=today, at=at)
    text = proposed_text("RECEIPT.NOTE", "请保管好", valid_from=today, at=at)
    for act in (
        lambda: confirm_seal(proposal_id=seal.pk, actor=who, at=at),
        lambda: drop_seal(proposal_id=seal.pk, reason="没有文件", actor=who, at=at),
        lambda: confirm_text(proposal_id=text.pk, actor=who, at=at),
        lambda: drop_text(proposal_id=text.pk, reason="没有文件", actor=who, at=at),
    ):
        with pytest.raises(AccessDeniedError):
            act()


# Periods


def test_two_seals_of_one_organ_and_use_never_overlap(at: datetime) -> None:
    organ, today = unsealed(), civil_date(at)
    first = registered(organ, valid_from=today)
    with pytest.raises(SealError, match="先停用原来的"):
        proposed_seal(organ, valid_from=today + 5 * DAY, at=at)
    values = of_one_person(organ, today + 5 * DAY, at) | {"confirmed_by": "account:2"}
    with pytest.raises(IntegrityError, match="seal_no_overlap_approval"), transaction.atomic():
        OrganSeal.objects.create(**values | {"use": "APPROVAL"})
    stopped(first, on=today + 3 * DAY)
    with pytest.raises(SealError, match="先停用原来的"):
        proposed_seal(organ, valid_from=today + 2 * DAY, at=at)
    second = registered(organ, valid_from=today + 3 * DAY, filing_code="9901000009902")
    codes = [seal_on(organ, today + n * DAY) for n in (0, 2, 3, 9)]
    assert codes == [first.filing_code] * 2 + [second.filing_code] * 2


def seal_on(organ: Organ, on: date, kind: DocumentKind = DocumentKind.GRANT_DECISION) -> str:
    seal = seal_for(kind, organ_id=organ.pk, organ_name=organ.name, on=on)
    assert seal is not None
    return seal.code


def test_seals_of_other_uses_and_other_organs_stand_beside_it(at: datetime) -> None:
    organ, today = unsealed(), civil_date(at)
    registered(organ, valid_from=today)
    registered(organ, valid_from=today, use=SealUse.OFFICIAL, filing_code="9901000009909")
    registered(unsealed(), valid_from=today)


def test_a_confirmed_seal_and_a_ruled_text_are_never_changed(at: datetime) -> None:
    today = civil_date(at)
    seal = registered(unsealed(), valid_from=today)
    ended = stopped(registered(unsealed(), valid_from=today), on=today + DAY)
    text = reworded("RECEIPT.NOTE", "请保管好", valid_from=today)
    attempts: list[tuple[Any, dict[str, Any]]] = [
        (OrganSeal.objects.filter(pk=seal.pk), {"name": "别的机关"}),
        (OrganSeal.objects.filter(pk=seal.pk), {"filing_code": ""}),
        (OrganSeal.objects.filter(pk=ended.pk), {"stopped_on": today + 9 * DAY}),
        (TemplateText.objects.filter(pk=text.pk), {"text": "别的"}),
        (type(text.proposal).objects.filter(pk=text.proposal_id), {"text": "别的"}),
    ]
    for rows, change in attempts:
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            rows.update(**change)
    for rows in (OrganSeal.objects.filter(pk=seal.pk), TemplateText.objects.filter(pk=text.pk)):
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            rows._raw_delete("default")


def test_one_open_change_at_a_time_and_one_sent_back_makes_room(at: datetime) -> None:
    organ, today, who = unsealed(), civil_date(at), actor(CONFIRMER, at)
    row = proposed_seal(organ, valid_from=today, at=at)
    with pytest.raises(SealError, match="等确认"):
        proposed_seal(organ, valid_from=today, at=at)
    with pytest.raises(InvalidSealError):
        drop_seal(proposal_id=row.pk, reason="否", actor=who, at=at)
    drop_seal(proposal_id=row.pk, reason="没有依据文件", actor=who, at=at)
    proposed_seal(organ, valid_from=today, at=at)
    for organ_id in (None, organ.pk):
        text = proposed_text("RECEIPT.NOTE", "甲", valid_from=today, at=at, organ_id=organ_id)
        with pytest.raises(TextError, match="等确认"):
            proposed_text("RECEIPT.NOTE", "乙", valid_from=today, at=at, organ_id=organ_id)
        drop_text(proposal_id=text.pk, reason="没有依据文件", actor=who, at=at)


def test_nothing_is_ruled_backwards(at: datetime) -> None:
    today, late = civil_date(at), at + DAY
    with pytest.raises(InvalidSealError):
        proposed_seal(unsealed(), valid_from=today - DAY, at=at)
    with pytest.raises(InvalidTextError):
        proposed_text("RECEIPT.NOTE", "甲", valid_from=today - DAY, at=at)
    seal = proposed_seal(unsealed(), valid_from=today, at=at)
    with pytest.raises(SealError, match="已经过去"):
        confirm_seal(proposal_id=seal.pk, actor=actor(CONFIRMER, late), at=late)
    coming = registered(unsealed(), valid_from=today + 5 * DAY, use=SealUse.OFFICIAL)
    with pytest.raises(InvalidSealError) as caught:
        proposed_stop(coming, on=today + 2 * DAY, at=at)
    assert "早于启用日期" in caught.value.fields["valid_from"]


def test_every_step_is_in_the_organs_chain(at: datetime) -> None:
    organ = unsealed()
    stopped(registered(organ, valid_from=civil_date(at)), on=civil_date(at) + DAY)
    entries = RecordEntry.objects.filter(subject=f"organ_seal:{organ.pk}").order_by("seq")
    assert [e.operation for e in entries] == [
        "seals.propose",
        "seals.confirm",
        "seals.propose_stop",
        "seals.confirm_stop",
    ]
    assert len({e.actor for e in entries}) == 2


# What a document bears


def test_a_document_bears_the_seal_of_its_day_and_keeps_it(at: datetime) -> None:
    today = civil_date(at)
    citizen = actor("lin-xiaoman", at)
    before = received(FOOD, by=citizen, at=at)
    kept = receipt_of(before).seal
    seal = registered(before.organ, valid_from=today + DAY, use=SealUse.ACCEPTANCE)
    same_day = received(FOOD, by=citizen, at=at)
    after = received(FOOD, by=citizen, at=at + DAY)
    assert receipt_of(same_day).seal == kept
    found = receipt_of(after).seal
    assert found is not None
    assert (found.entry, found.code, found.organ) == (seal.pk, seal.filing_code, seal.name)
    stopped(seal, on=today + 2 * DAY)
    assert receipt_of(received(FOOD, by=citizen, at=at + 2 * DAY)).seal == kept
    assert receipt_of(before).seal == kept
    assert receipt_of(after).seal == found


def test_an_organ_without_a_registered_seal_still_issues_its_papers(at: datetime) -> None:
    organ = unsealed()
    for kind in DocumentKind:
        seal = seal_for(kind, organ_id=organ.pk, organ_name=organ.name, on=civil_date(at))
        if kind is DocumentKind.GUIDE:
            assert seal is None
            continue
        assert seal is not None
        word = "行政执法专用章" if kind is DocumentKind.RECTIFICATION_ORDER else "行政审批专用章"
        assert (seal.organ, seal.caption, seal.code, seal.entry) == (organ.name, word, "", None)


def test_a_name_too_long_for_the_arc_holds_no_paper_up(at: datetime) -> None:
    name = "椰岛省椰城市某某区某某街道综合行政执法和便民服务办公室某某分中心"
    seal = seal_for(DocumentKind.RECEIPT, organ_id=0, organ_name=name, on=civil_date(at))
    assert seal is not None and name.endswith(seal.organ) and len(seal.organ) == 24


def test_the_kind_chooses_among_the_seals_of_an_organ(at: datetime) -> None:
    organ, today = unsealed(), civil_date(at)
    registered(organ, valid_from=today, use=SealUse.OFFICIAL, filing_code="9901000000001")
    assert seal_on(organ, today, DocumentKind.RECEIPT) == "9901000000001"
    registered(organ, valid_from=today, use=SealUse.ACCEPTANCE, filing_code="9901000000003")
    registered(organ, valid_from=today, use=SealUse.APPROVAL, filing_code="9901000000002")
    assert seal_on(organ, today, DocumentKind.RECEIPT) == "9901000000003"
    assert seal_on(organ, today, DocumentKind.GRANT_DECISION) == "9901000000002"
    assert seal_on(organ, today, DocumentKind.CERTIFICATE) == "9901000000001"
    assert seal_on(organ, today, DocumentKind.RECTIFICATION_ORDER) == "9901000000001"


def test_a_document_has_the_words_of_its_day_and_keeps_which(at: datetime) -> None:
    today, citizen = civil_date(at), actor("lin-xiaoman", at)
    text = reworded("RECEIPT.OPENING", "您的「{事项名称}」申请已经收到。", valid_from=today + DAY)
    contact = reworded("RECEIPT.CONTACT", "咨询:{机关电话}", valid_from=today + DAY)
    before = receipt_of(received(FOOD, by=citizen, at=at))
    case = received(FOOD, by=citizen, at=at + DAY)
    after = receipt_of(case)
    assert before.paragraphs[0].startswith("现收到您关于「")
    assert (before.closing, before.texts) == ((), ())
    assert after.paragraphs[0] == f"您的「{case.item_name}」申请已经收到。"
    assert after.paragraphs[1].startswith("本机关将最迟"), "what the law wants stays"
    assert after.closing == (f"咨询:{case.organ.phone}",)
    assert after.texts == (f"RECEIPT.OPENING#{text.pk}", f"RECEIPT.CONTACT#{contact.pk}")


def test_an_organs_words_go_before_the_citys_until_they_are_restored(at: datetime) -> None:
    organ, today = unsealed(), civil_date(at)
    reworded("GRANT_DECISION.NOTE", "全市的话", valid_from=today)
    reworded("GRANT_DECISION.NOTE", "本机关的话", valid_from=today + DAY, organ_id=organ.pk)
    reworded(
        "GRANT_DECISION.NOTE", "", valid_from=today + 2 * DAY, organ_id=organ.pk, is_restored=True
    )
    reworded("GRANT_DECISION.NOTE", "", valid_from=today + 3 * DAY, is_restored=True)
    notes = [note_on(organ, today + n * DAY) for n in range(4)]
    assert notes == [("全市的话",), ("本机关的话",), ("全市的话",), ()]


def note_on(organ: Organ, on: date) -> tuple[str, ...]:
    return compose(
        DocumentKind.GRANT_DECISION,
        organ=organ,
        on=on,
        words={"事项名称": "某事", "决定": "决定准予许可"},
        number="1",
        addressee="某人",
        articles=("某法第一条",),
    ).closing


@pytest.mark.parametrize(
    "kind", [k for k in DocumentKind if any(s.part is Part.NOTE for s in slots_of(k))]
)
def test_every_declared_placeholder_has_a_value_where_the_document_is_made(
    kind: DocumentKind, at: datetime
) -> None:
    slot = SLOTS[f"{kind.value}.NOTE"]
    lines = "\n".join(f"{name}={{{name}}}" for name in slot.optional)
    reworded(slot.code, lines, valid_from=civil_date(at))
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    document = paper_of(kind, case, at)
    assert [line.split("=")[0] for line in document.closing] == list(slot.optional)


def test_seals_and_texts_cost_a_document_no_statement(at: datetime) -> None:
    organ = unsealed()
    note_on(organ, civil_date(at))
    with CaptureQueriesContext(connection) as captured:
        for n in range(20):
            note_on(organ, civil_date(at) + n * DAY)
    assert len(captured) == 0


def test_one_statement_looks_after_parameters_seals_and_texts_together(at: datetime) -> None:
    organ = unsealed()
    note_on(organ, civil_date(at))
    dated_rows("ratings.fix")
    forget()
    with CaptureQueriesContext(connection) as captured:
        dated_rows("ratings.fix")
        note_on(organ, civil_date(at))
    assert len(captured) == 1


def test_what_was_ruled_is_seen_at_the_next_look(
    at: datetime,
) -> None:
    organ, today = unsealed(), civil_date(at)
    assert seal_on(organ, today) == ""
    seal = registered(organ, valid_from=today)
    assert seal_on(organ, today) == seal.filing_code
    stopped(seal, on=today)
    assert seal_on(organ, today) == ""
