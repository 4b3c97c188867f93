"""Central making: nothing is collected unmade, no number is lost, nobody destroys alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import accepted, actor, deciding, make_documents, reviewed
from tests.integration.certifying import granted
from tests.integration.making import (
    ITEM,
    KIND,
    makers,
    people,
    printed,
    stock,
    stored,
    to_make,
)
from tests.integration.test_budgets import at_most

from yiwang.apps.cases.errors import CaseError
from yiwang.apps.cases.events import CaseEnded, DueDatesMoved
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import delivering
from yiwang.apps.certificates.errors import InvalidActError, MakingNotFoundError, NotNowError
from yiwang.apps.certificates.making import handing, printing, reads, stocking
from yiwang.apps.certificates.models import Blank, BlankWaste, IssueEntry, Making
from yiwang.foundation.environment import environment
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.outbox.relay import drain
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.verifying import verify_all

__all__ = ["makers", "people"]
pytestmark = pytest.mark.django_db


def hand_out(case: Case, makers: dict[str, Any], at: datetime) -> Case:
    code = delivering.pickup_code_of(case)
    clerk = makers["clerk_here"]
    return delivering.deliver_at_window(case_id=case.pk, code=code, actor=clerk, at=at)


@pytest.fixture
def here(makers: dict[str, Any], at: datetime) -> dict[str, Any]:
    return makers | {"clerk_here": actor("chen-window", at)}


def told(case: Case) -> set[str]:
    rows = Message.objects.filter(subject=case.subject, kind="cases.pickup")
    return set(rows.values_list("status", flat=True))


def relay(at: datetime) -> None:
    drain(at=at)
    send_pending(at=at)


@pytest.mark.row("R049")
@pytest.mark.row("R269")
def test_a_printed_certificate_is_announced_and_handed_over_only_from_the_store(
    here: dict[str, Any], at: datetime
) -> None:
    case, making = to_make(here, at)
    relay(at)
    assert told(case) == set()
    with pytest.raises(CaseError, match="正在制证"), transaction.atomic():
        hand_out(case, here, at)
    printed(making, here, at)
    relay(at)
    assert told(case) == set()
    with pytest.raises(CaseError, match="正在制证"), transaction.atomic():
        hand_out(case, here, at)
    printing.store(making_id=making.pk, shelf="A-3", actor=here["maker"], at=at)
    relay(at)
    assert told(case) == {"SENT"}
    assert hand_out(case, here, at + timedelta(hours=1)).state == "COMPLETED"
    entry = IssueEntry.objects.get(making=making)
    blank = Blank.objects.get(making=making)
    assert (entry.blank_number, blank.state) == (blank.number, "ISSUED")
    assert (entry.means, entry.by) == ("CODE", here["clerk_here"].ref)
    assert entry.certificate_number == making.certificate.number
    assert verify_all(environment().roots).is_clean


def test_a_stored_certificate_waits_for_the_papers_too(here: dict[str, Any], at: datetime) -> None:
    _, making = to_make(here, at, papers=False)
    printing.take(making_id=making.pk, actor=here["maker"], at=at)
    with pytest.raises(NotNowError, match="还在生成"):
        printing.print_on_blank(making_id=making.pk, actor=here["maker"], at=at)


def test_an_item_without_blanks_is_as_it_was(here: dict[str, Any], at: datetime) -> None:
    case = granted(here, at)
    make_documents(case, at)
    assert not Making.objects.filter(subject=case.subject).exists()
    assert hand_out(case, here, at).state == "COMPLETED"
    assert not IssueEntry.objects.exists()


def test_a_spoiled_print_is_destroyed_before_two_and_printed_on_another_number(
    here: dict[str, Any], at: datetime
) -> None:
    _, making = to_make(here, at)
    printed(making, here, at)
    with pytest.raises(InvalidActError), transaction.atomic():
        printing.spoil(making_id=making.pk, reason=" ", actor=here["maker"], at=at)
    printing.spoil(making_id=making.pk, reason="卡纸", actor=here["maker"], at=at)
    with pytest.raises(TransitionNotAllowedError), transaction.atomic():
        printing.store(making_id=making.pk, actor=here["maker"], at=at)
    with pytest.raises(NotNowError, match="另一位"), transaction.atomic():
        printing.confirm_destroyed(making_id=making.pk, actor=here["maker"], at=at)
    printing.confirm_destroyed(making_id=making.pk, actor=here["second"], at=at)
    again = printed(Making.objects.get(pk=making.pk), here, at)
    numbers = list(Blank.objects.filter(making=making).order_by("number"))
    assert [(b.number, b.state) for b in numbers] == [(260001, "WASTED"), (260002, "PRINTED")]
    assert again.blank_id == numbers[1].pk


def test_the_database_refuses_a_destruction_by_one_person(
    here: dict[str, Any], at: datetime
) -> None:
    _, making = to_make(here, at)
    printed(making, here, at)
    printing.spoil(making_id=making.pk, reason="套打错位", actor=here["maker"], at=at)
    rows = BlankWaste.objects.filter(making=making)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(confirmed_by=here["maker"].ref, confirmed_at=at)


def test_no_number_is_in_two_batches_of_a_kind(here: dict[str, Any], at: datetime) -> None:
    keeper = stock("yecheng-hall").keeper
    maker = here["maker"]
    for first, last in ((260120, 260130), (259990, 260001), (260050, 260060)):
        with pytest.raises(InvalidActError, match="1 处") as caught:
            stocking.receive_batch(
                keeper=keeper, kind=KIND, first=first, last=last, actor=maker, at=at
            )
        assert "重复" in caught.value.fields["first"]
    batch = stocking.receive_batch(
        keeper=keeper, kind=KIND, first=260121, last=260130, actor=maker, at=at
    )
    assert batch.count == 10
    stocking.receive_batch(
        keeper=keeper, kind="drug_retail_licence", first=260121, last=260130, actor=maker, at=at
    )  # another series may have the same numbers


def test_the_stock_is_what_came_less_what_was_printed_and_wasted(
    here: dict[str, Any], at: datetime
) -> None:
    cases = [to_make(here, at) for _ in range(3)]
    for _, making in cases:
        printed(making, here, at)
    printing.spoil(making_id=cases[0][1].pk, reason="卡纸", actor=here["maker"], at=at)
    printing.store(making_id=cases[1][1].pk, actor=here["maker"], at=at)
    hand_out(cases[1][0], here, at)
    stocking.void_blank(
        stock_id=stock().pk, number=260100, reason="受潮", actor=here["maker"], at=at
    )
    found = reads.stock_of(stock().pk, actor=here["maker"]).standing.balance
    assert (found.received, found.in_stock) == (120, 116)
    assert (found.printed, found.issued, found.wasted) == (1, 1, 2)
    assert found.is_even
    assert Blank.objects.filter(stock=stock(), state="IN_STOCK").count() == 116
    report = verify_all(environment().roots)
    assert report.is_clean, report.findings
    Blank.objects.filter(stock=stock(), number=260050).delete()
    assert any("缺少 1 个号码" in text for _, _, text in verify_all(environment().roots).findings)


def test_a_damaged_sheet_is_void_once_and_confirmed_by_another(
    here: dict[str, Any], at: datetime
) -> None:
    void = {"stock_id": stock().pk, "reason": "受潮", "actor": here["maker"], "at": at}
    waste = stocking.void_blank(number=260009, **void)
    with pytest.raises(InvalidActError), transaction.atomic():
        stocking.void_blank(number=260009, **void)
    with pytest.raises(InvalidActError), transaction.atomic():
        stocking.void_blank(number=999, **void)
    with pytest.raises(NotNowError), transaction.atomic():
        stocking.confirm_void(waste_id=waste.pk, actor=here["maker"], at=at)
    stocking.confirm_void(waste_id=waste.pk, actor=here["second"], at=at)
    with pytest.raises(NotNowError), transaction.atomic():
        stocking.confirm_void(waste_id=waste.pk, actor=here["second"], at=at)


def test_a_low_stock_is_told_by_the_threshold_of_the_place(
    here: dict[str, Any], at: datetime
) -> None:
    assert not reads.stock_of(stock().pk, actor=here["maker"]).standing.is_low
    stocking.set_low_mark(stock_id=stock().pk, low_at=120, actor=here["maker"], at=at)
    assert reads.stock_of(stock().pk, actor=here["maker"]).standing.is_low


def test_where_nothing_is_left_nothing_is_printed(here: dict[str, Any], at: datetime) -> None:
    _, making = to_make(here, at)
    Blank.objects.filter(stock=stock()).update(state="WASTED")
    printing.take(making_id=making.pk, actor=here["maker"], at=at)
    with pytest.raises(NotNowError, match="没有在库"):
        printing.print_on_blank(making_id=making.pk, actor=here["maker"], at=at)


@pytest.mark.row("R140")
def test_who_takes_in_or_decides_does_not_print(here: dict[str, Any], at: datetime) -> None:
    _, making = to_make(here, at)
    for name in ("clerk_here", "reviewer", "approver", "citizen"):
        with pytest.raises(MakingNotFoundError), transaction.atomic():
            printing.take(making_id=making.pk, actor=here[name], at=at)
        assert reads.queue(actor=here[name]).makings == []
    printing.take(making_id=making.pk, actor=here["maker"], at=at)
    with pytest.raises(NotNowError, match="莫印川"), transaction.atomic():
        printing.print_on_blank(making_id=making.pk, actor=here["second"], at=at)


def test_the_queue_is_ordered_by_the_delivery_clock(here: dict[str, Any], at: datetime) -> None:
    later, _ = to_make(here, at + timedelta(days=7))
    sooner, _ = to_make(here, at)
    found = reads.queue(actor=here["maker"]).makings
    assert [m.subject for m in found] == [sooner.subject, later.subject]
    assert [m.due_on for m in found] == [sooner.delivery_due_on, later.delivery_due_on]


@pytest.mark.row("R140")
def test_the_ledger_equals_the_delivered_cases(here: dict[str, Any], at: datetime) -> None:
    cases = [to_make(here, at) for _ in range(3)]
    for case, making in cases[:2]:
        stored(making, here, at)
        hand_out(case, here, at)
    delivered = Case.objects.filter(item_code=ITEM, state="COMPLETED")
    ledger = reads.issues(actor=here["maker"], wanted=reads.WantedIssues()).entries
    assert {e.short_number for e in ledger} == {c.short_number for c in delivered}
    assert len(ledger) == 2
    one = reads.WantedIssues(number=ledger[0].certificate_number)
    assert reads.issues(actor=here["maker"], wanted=one).entries == [ledger[0]]
    later = reads.WantedIssues(first=(at + timedelta(days=1)).date())
    assert reads.issues(actor=here["maker"], wanted=later).entries == []
    assert reads.issues(actor=here["reviewer"], wanted=reads.WantedIssues()).entries == []


def test_another_collects_and_the_ledger_has_only_a_masked_name(
    here: dict[str, Any], at: datetime
) -> None:
    case, making = to_make(here, at)
    stored(making, here, at)
    delivering.deliver_to_another(
        case_id=case.pk,
        code=delivering.pickup_code_of(case),
        who="张代领",
        paper="590102199005180244",
        actor=here["clerk_here"],
        at=at,
    )
    entry = IssueEntry.objects.get(making=making)
    assert (entry.means, entry.collector_label) == ("ANOTHER", "张*")


def test_the_queue_follows_a_moved_delivery_limit_and_the_end_of_a_case(
    here: dict[str, Any], at: datetime
) -> None:
    case, making = to_make(here, at)
    relay(at)
    later = case.sort_due_at + timedelta(days=3)
    Case.objects.filter(pk=case.pk).update(sort_due_at=later)
    publish([DueDatesMoved(case_id=case.pk, notice_id=1)], at=at)
    relay(at)
    assert Making.objects.get(pk=making.pk).sort_due_at == later
    publish([CaseEnded(case_id=case.pk, document_id="", how="VOID")], at=at)
    relay(at)
    assert Making.objects.get(pk=making.pk).state == "DROPPED"


def test_a_decision_that_orders_a_print_takes_one_statement_more(
    here: dict[str, Any], at: datetime
) -> None:
    who = {"by": here["citizen"], "clerk": here["clerk_here"], "at": at, "hall": "taolin-hall"}
    case = reviewed(accepted(ITEM, **who), reviewer=here["reviewer"], at=at)
    with at_most(16):
        deciding.grant(case_id=case.pk, actor=here["approver"], at=at)
    assert Making.objects.filter(subject=case.subject).exists()


def test_a_case_that_ends_is_not_printed_and_its_sheet_is_void(
    here: dict[str, Any], at: datetime
) -> None:
    case, making = to_make(here, at)
    stored(making, here, at)
    by = {"subject": case.subject, "reason": "办件作废", "actor": here["maker"], "at": at}
    assert handing.drop_making(**by)
    assert not handing.drop_making(**by)
    assert Making.objects.get(pk=making.pk).state == "DROPPED"
    assert Blank.objects.get(making=making).state == "WASTED"
    assert reads.queue(actor=here["maker"]).makings == []
