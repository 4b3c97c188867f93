"""What people do about cards: explain, appeal, decide; rules by two persons; figures; reminders."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import PDF, accepted, actor

from yiwang.apps.cases.models import Case, ReviewStep
from yiwang.apps.supervision.domain.vocabulary import AppealCause, Signal
from yiwang.apps.supervision.errors import CardNotFoundError, InvalidActError, NotNowError
from yiwang.apps.supervision.figures import figures
from yiwang.apps.supervision.models import Card, CardAppeal, SupervisionRule
from yiwang.apps.supervision.operations import acting, reminding, ruling
from yiwang.apps.supervision.operations.issuing import look, sweep_cases
from yiwang.apps.supervision.operations.reminding import (
    digest_due,
    next_digest,
    recipient_of,
    send_digests,
)
from yiwang.apps.supervision.operations.ruling import rules_in_force
from yiwang.apps.supervision.public import late_reason_of
from yiwang.apps.supervision.queries import CardFilter, cards, organs_of
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.calendars.current import forget
from yiwang.foundation.environment import environment
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.moment import BEIJING
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"
REASON = "核查人员当天被派去处置食品安全突发事件,现已安排专人办理。"
FACTS = "当日政务云停机六小时,无法提交核查结果,见故障通知。"


@pytest.fixture(autouse=True)
def fresh_calendar() -> Iterator[None]:
    forget()
    yield
    forget()


def march(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BEIJING)


def licence(at: datetime) -> Case:
    case = accepted(
        FOOD,
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    ReviewStep.objects.filter(case=case).update(state="CANCELLED")
    return case


def a_card(at: datetime, rule: str = "Y01") -> Card:
    """Issued on Tuesday 10 March (yellow) or 17 March (red), at midnight."""
    case = licence(at)
    look(case.pk, at=march(10, 0))
    if rule == "R01":
        look(case.pk, at=march(17, 0))
    return Card.objects.get(case_id=case.pk, rule_code=rule)


def appealed(card: Card, at: datetime, cause: str = "SYSTEM") -> Card:
    liaison = actor("luo-liaison", at)
    return acting.appeal(card_id=card.pk, cause=cause, text=FACTS, actor=liaison, at=at)


def decided(card: Card, at: datetime, *, is_granted: bool) -> Card:
    return acting.decide_appeal(
        card_id=card.pk,
        is_granted=is_granted,
        reason="经核对故障记录,情况属实。",
        actor=actor("tang-supervise", at),
        at=at,
    )


def clean(subject: str) -> bool:
    return [f for f in verify_all(environment().roots).findings if f[0] == subject] == []


def test_the_unit_explains_and_the_applicant_may_read_it(at: datetime) -> None:
    card = a_card(at)
    assert late_reason_of(card.case_id) is None
    acting.explain(card_id=card.pk, reason=REASON, actor=actor("luo-liaison", at), at=march(10, 10))
    told = late_reason_of(card.case_id)
    assert told is not None
    assert (told.text, told.about, told.given_at) == (REASON, "承诺时限", march(10, 10))
    assert clean(card.subject)


def test_a_reason_must_say_something(at: datetime) -> None:
    card = a_card(at)
    for reason in ("", "  忙 ", "长" * 301):
        with pytest.raises(InvalidActError):
            acting.explain(
                card_id=card.pk, reason=reason, actor=actor("luo-liaison", at), at=march(10)
            )


@pytest.mark.row("R245")
def test_a_card_by_the_systems_fault_is_withdrawn_kept_and_out_of_the_net(at: datetime) -> None:
    card = a_card(at, "R01")
    liaison = actor("luo-liaison", at)
    acting.appeal(
        card_id=card.pk,
        cause="SYSTEM",
        text=FACTS,
        actor=liaison,
        at=march(18),
        file=("故障通知.pdf", PDF),
    )
    decided(card, march(19), is_granted=True)
    card.refresh_from_db()
    assert (card.state, card.withdrawn_cause) == ("WITHDRAWN", "SYSTEM")
    appeal = CardAppeal.objects.get(card=card)
    assert appeal.attachment_id is not None
    assert (appeal.is_granted, appeal.decided_by_label) == (True, "唐正言")
    acts = RecordEntry.objects.filter(subject=card.subject).order_by("seq")
    assert [entry.operation for entry in acts] == [
        "supervision.issue",
        "supervision.appeal",
        "supervision.withdraw",
    ]
    assert FACTS not in str([entry.facts for entry in acts])
    assert clean(card.subject)
    red = figures_of(card).total.count(Signal.RED)
    assert (red.gross, red.withdrawn, red.net) == (1, 1, 0)
    assert (red.cases_gross, red.cases_net) == (1, 0)


def test_an_upheld_card_stands_and_cannot_be_appealed_again(at: datetime) -> None:
    card = appealed(a_card(at), march(11))
    decided(card, march(12), is_granted=False)
    card.refresh_from_db()
    assert card.state == "UPHELD"
    with pytest.raises(NotNowError):
        appealed(card, march(12, 10))
    with pytest.raises(NotNowError):
        decided(card, march(12, 11), is_granted=True)
    assert clean(card.subject)


def test_an_appeal_comes_within_three_working_days(at: datetime) -> None:
    card = a_card(at)  # Tuesday the 10th: until the end of Friday the 13th
    with pytest.raises(NotNowError):
        appealed(card, march(14, 0))
    assert appealed(card, march(13, 23, 59)).state == "APPEALED"


def test_an_appeal_needs_a_cause_and_facts(at: datetime) -> None:
    card = a_card(at)
    with pytest.raises(InvalidActError) as caught:
        acting.appeal(
            card_id=card.pk, cause="BOSS", text="冤枉", actor=actor("luo-liaison", at), at=march(10)
        )
    assert sorted(caught.value.fields) == ["cause", "text"]
    card.refresh_from_db()
    assert card.state == "VALID"


def posted_at(who: Actor, organ_id: int) -> Actor:
    """The same person with one post more, at that unit."""
    extra = dataclasses.replace(
        who.postings[0], organ_id=organ_id, permissions=frozenset({"cases.review"})
    )
    return dataclasses.replace(who, postings=(*who.postings, extra))


def test_nobody_of_the_unit_decides_its_appeal(at: datetime) -> None:
    card = appealed(a_card(at), march(11))
    supervisor = actor("tang-supervise", at)
    own = posted_at(supervisor, card.organ_id)
    deputy = dataclasses.replace(
        own, postings=(*own.postings[:-1], dataclasses.replace(own.postings[-1], is_deputy=True))
    )
    for who in (own, deputy, actor("luo-liaison", at)):
        with pytest.raises(AccessDeniedError):
            acting.decide_appeal(
                card_id=card.pk, is_granted=True, reason="情况属实无误。", actor=who, at=march(12)
            )
    for login in ("fan-liaison", "sun-approve", "zhu-system", "lin-xiaoman"):
        with pytest.raises(CardNotFoundError):
            acting.decide_appeal(
                card_id=card.pk,
                is_granted=True,
                reason="情况属实无误。",
                actor=actor(login, at),
                at=march(12),
            )
    card.refresh_from_db()
    assert card.state == "APPEALED"


def test_the_database_too_wants_two_persons(at: datetime) -> None:
    card = appealed(a_card(at), march(11))
    row = CardAppeal.objects.get(card=card)
    with pytest.raises(IntegrityError), transaction.atomic():
        CardAppeal.objects.filter(pk=row.pk).update(
            is_granted=True, decided_by=row.appealed_by, decided_at=march(12)
        )


def test_another_areas_supervisor_does_not_see_the_card(at: datetime) -> None:
    card = a_card(at)
    supervisor = actor("tang-supervise", at)
    elsewhere = dataclasses.replace(
        supervisor,
        postings=(dataclasses.replace(supervisor.postings[0], area_code="990103000000"),),
    )
    found = cards(organs=organs_of(elsewhere), wanted=CardFilter(), at=march(10))
    assert found.cards == []
    with pytest.raises(CardNotFoundError):
        acting.decide_appeal(
            card_id=card.pk, is_granted=True, reason="x" * 10, actor=elsewhere, at=march(11)
        )


def test_a_yellow_card_under_appeal_does_not_turn_red(at: datetime) -> None:
    card = appealed(a_card(at), march(13))
    look(card.case_id, at=march(18))
    assert not Card.objects.filter(case_id=card.case_id, rule_code="R02").exists()
    decided(card, march(18, 10), is_granted=False)
    drain(at=march(18, 11))
    sweep(at=march(18, 11))
    assert Card.objects.filter(case_id=card.case_id, rule_code="R02").exists()


def test_appeals_not_decided_in_time_are_listed(at: datetime) -> None:
    card = appealed(a_card(at), march(11))  # Wednesday: until the end of Monday the 16th
    organs = organs_of(actor("tang-supervise", at))
    overdue = CardFilter(is_overdue=True)
    assert cards(organs=organs, wanted=overdue, at=march(16, 23)).cards == []
    assert cards(organs=organs, wanted=overdue, at=march(17, 0)).cards == [card]


def test_the_list_is_narrowed_and_paged_in_two_statements(at: datetime) -> None:
    for _ in range(3):
        a_card(at)
    organs = organs_of(actor("luo-liaison", at))
    with CaptureQueriesContext(connection) as captured:
        first = cards(organs=organs, wanted=CardFilter(signal="YELLOW"), at=march(10), size=2)
    assert len(captured) == 2
    rest = cards(
        organs=organs,
        wanted=CardFilter(signal="YELLOW"),
        at=march(10),
        size=2,
        after=first.next_cursor,
    )
    seen = [card.pk for card in (*first.cards, *rest.cards)]
    assert len(seen) == 3
    assert seen == sorted(seen, reverse=True)
    assert rest.next_cursor is None
    assert cards(organs=organs, wanted=CardFilter(state="UPHELD"), at=march(10)).cards == []


# Rules


def drafted(who: str, at: datetime, **change: object) -> SupervisionRule:
    values: dict[str, object] = {
        "number": 2,
        "text": "{target}将于 {due} 到期,剩 {threshold}。",
        "article": "椰监〔2026〕3号",
        "is_active": True,
        "valid_from": date(2026, 3, 4),
        "reason": "提前两天提醒",
    }
    return ruling.draft_rule(code="W01", actor=actor(who, at), at=at, **(values | change))  # type: ignore[arg-type]


def test_a_threshold_is_changed_by_a_dated_version_of_two_persons(at: datetime) -> None:
    drafted("tang-supervise", at)
    with pytest.raises(AccessDeniedError):
        ruling.settle_rule(code="W01", is_confirmed=True, actor=actor("tang-supervise", at), at=at)
    assert {r.code: r.version for r in rules_in_force(on=date(2026, 3, 5))}["W01"] == 1
    ruling.settle_rule(code="W01", is_confirmed=True, actor=actor("song-supervise", at), at=at)
    for day, version, number in ((3, 1, 1), (4, 2, 2), (5, 2, 2)):
        rule = {r.code: r for r in rules_in_force(on=date(2026, 3, day))}["W01"]
        assert (rule.version, rule.number) == (version, number)
    operations = RecordEntry.objects.filter(subject="supervision_rule:W01").order_by("seq")
    assert [entry.operation for entry in operations][1:] == [
        "supervision.draft_rule",
        "supervision.confirm_rule",
    ]


def test_a_new_threshold_takes_effect_on_cases_under_way(at: datetime) -> None:
    case = licence(at)  # due on Monday the 9th; warned of on Friday the 6th by the old rule
    look(case.pk, at=at)
    drafted("tang-supervise", at)
    ruling.settle_rule(code="W01", is_confirmed=True, actor=actor("song-supervise", at), at=at)
    sweep_cases(at=march(4, 2))
    assert Timer.objects.get(subject=case.subject, kind="supervision.look").due_at == march(5, 0)
    look(case.pk, at=march(5, 0))
    assert Card.objects.get(case_id=case.pk).rule.version == 2


def test_a_rule_switched_off_issues_nothing(at: datetime) -> None:
    drafted("tang-supervise", at, is_active=False, valid_from=date(2026, 3, 2))
    ruling.settle_rule(code="W01", is_confirmed=True, actor=actor("song-supervise", at), at=at)
    case = licence(at)
    look(case.pk, at=march(6))
    assert not Card.objects.filter(case_id=case.pk).exists()


def test_a_returned_change_leaves_the_old_rule(at: datetime) -> None:
    drafted("tang-supervise", at)
    with pytest.raises(NotNowError):
        drafted("song-supervise", at)
    ruling.settle_rule(code="W01", is_confirmed=False, actor=actor("song-supervise", at), at=at)
    assert {r.code: r.version for r in rules_in_force(on=date(2027, 1, 1))}["W01"] == 1
    assert drafted("song-supervise", at).version == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": 0}, "number"),
        ({"text": "{applicant} 到期"}, "text"),
        ({"text": "{target.__class__}"}, "text"),
        ({"valid_from": date(2026, 3, 1)}, "valid_from"),
        ({"valid_from": None}, "valid_from"),
        ({"article": ""}, "article"),
        ({"reason": ""}, "reason"),
    ],
)
def test_a_slip_in_a_rule_is_refused(at: datetime, change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidActError) as caught:
        drafted("tang-supervise", at, **change)
    assert list(caught.value.fields) == [field]


def test_a_rule_whose_day_passed_while_it_waited_is_not_confirmed(at: datetime) -> None:
    drafted("tang-supervise", at)
    with pytest.raises(NotNowError):
        ruling.settle_rule(
            code="W01", is_confirmed=True, actor=actor("song-supervise", at), at=march(5)
        )


def test_only_who_keeps_the_rules_drafts(at: datetime) -> None:
    for login in ("luo-liaison", "zhu-system", "sun-approve"):
        with pytest.raises(AccessDeniedError):
            drafted(login, at)


def test_the_database_keeps_confirmed_rules_as_they_are() -> None:
    rows = SupervisionRule.objects.filter(code="R01")
    for change in ({"number": 9}, {"valid_from": date(2026, 1, 1)}, {"text": "改了"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_seeding_again_adds_nothing(at: datetime) -> None:
    assert ruling.seed_rules(at=at) == 0
    assert SupervisionRule.objects.count() == 10


# Figures


def figures_of(card: Card) -> object:
    organs = organs_of(actor("tang-supervise", march(20)))
    return figures(organs=organs, first=date(2026, 3, 1), last=date(2026, 3, 31), at=march(31))


@pytest.mark.row("R244", "R247")
def test_gross_and_net_with_numerator_and_denominator(at: datetime) -> None:
    first, second = a_card(at, "R01"), a_card(at, "R01")
    for _ in range(3):
        licence(at)
    decided(appealed(first, march(18), "FORCE_MAJEURE"), march(19), is_granted=True)
    organs = organs_of(actor("tang-supervise", at))
    found = figures(organs=organs, first=date(2026, 3, 1), last=date(2026, 3, 31), at=march(31))
    assert (found.total.supervised, len(found.units)) == (5, 1)
    net, gross = found.total.rate(Signal.RED), found.total.rate(Signal.RED, is_net=False)
    assert (net.numerator, net.denominator, net.text) == (1, 5, "20.00%")
    assert (gross.numerator, gross.denominator, gross.text) == (2, 5, "40.00%")
    assert found.causes[AppealCause.FORCE_MAJEURE] == {Signal.RED: 1}
    assert sum(len(numbers) for numbers in found.causes.values()) == 1
    # The month before: the same cases were not under way, nothing over nothing.
    assert [month.label for month in found.months][-2:] == ["2026年2月", "2026年3月"]
    assert found.months[-1].rate(Signal.RED).text == "20.00%"
    assert found.months[-2].rate(Signal.RED).text == "—"
    assert second.signal == "RED"
    warned = found.total.rate(Signal.WARNING, is_net=False)
    assert (warned.numerator, warned.denominator) == (2, 5)
    # Recounted by hand from the rows themselves.
    rows = [c for c in Card.objects.all() if c.signal == "RED"]
    assert len({c.case_id for c in rows if c.state != "WITHDRAWN"}) == net.numerator
    assert len({c.case_id for c in rows}) == gross.numerator


def test_figures_take_four_statements_however_much_there_is(at: datetime) -> None:
    organs = organs_of(actor("tang-supervise", at))
    period = {"first": date(2026, 3, 1), "last": date(2026, 3, 31), "at": march(31)}
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            figures(organs=organs, **period)  # type: ignore[arg-type]
        assert len(captured) == 4
        a_card(at)


def test_a_case_with_two_red_cards_counts_once(at: datetime) -> None:
    card = a_card(at, "R01")
    look(card.case_id, at=march(18))
    assert Card.objects.filter(case_id=card.case_id, signal="RED").count() == 2
    organs = [card.organ_id]
    found = figures(organs=organs, first=date(2026, 3, 1), last=date(2026, 3, 31), at=march(31))
    assert found.total.count(Signal.RED).gross == 2
    assert found.total.rate(Signal.RED).numerator == 1


# The morning's reminder


def digests() -> dict[str, str]:
    from yiwang.apps.people.models import Account

    rows = Message.objects.filter(kind=reminding.KIND).order_by("id")
    labels = {recipient_of(a.pk): a.login for a in Account.objects.filter(is_staff=True)}
    return {f"{labels[row.recipient_id]} {row.occasion} {row.status}": row.body for row in rows}


@pytest.mark.row("R246")
def test_the_named_persons_are_told_once_a_working_day(at: datetime) -> None:
    a_card(at)
    morning = march(10, 8, 30)
    for _ in range(2):
        digest_due(reminding.SUBJECT, morning)
        send_pending(at=morning)
    found = digests()
    assert sorted(found) == [
        "luo-liaison 2026-03-10 SENT",
        "song-supervise 2026-03-10 SENT",
        "tang-supervise 2026-03-10 SENT",
    ]
    told = found["luo-liaison 2026-03-10 SENT"]
    assert told == "截至 2026年3月10日 周二 08:30:1 件已经超期、1 张黄牌待反馈。"
    assert Timer.objects.get(kind=reminding.DIGEST).due_at == march(11, 8, 30)


def test_nobody_is_told_of_nothing_nor_on_a_day_off(at: datetime) -> None:
    assert send_digests(at=march(2, 8, 30)) == 0
    a_card(at)
    assert send_digests(at=march(14, 8, 30)) == 0  # a Saturday
    assert digests() == {}


def test_what_is_due_today_and_tomorrow_is_told(at: datetime) -> None:
    licence(at)  # due on Monday the 9th
    send_digests(at=march(6, 8, 30))  # Friday: the next working day is Monday
    assert "1 件下一个工作日(2026年3月9日 周一)到期" in digests()["luo-liaison 2026-03-06 PENDING"]
    send_digests(at=march(9, 8, 30))
    assert "1 件今天到期" in digests()["luo-liaison 2026-03-09 PENDING"]


def test_a_reminder_is_true_when_it_is_sent(at: datetime) -> None:
    card = a_card(at)
    send_digests(at=march(10, 8, 30))
    acting.explain(
        card_id=card.pk, reason=REASON, actor=actor("luo-liaison", at), at=march(10, 8, 31)
    )
    send_pending(at=march(10, 8, 32))
    # The yellow card has its answer: what is sent no longer speaks of it.
    assert digests()["luo-liaison 2026-03-10 SENT"].endswith("08:30:1 件已经超期。")


def test_a_reminder_of_nothing_left_is_not_sent(at: datetime) -> None:
    card = a_card(at)
    send_digests(at=march(10, 8, 30))
    Card.objects.filter(pk=card.pk).update(late_reason=REASON, late_reason_at=march(10))
    Case.objects.filter(pk=card.case_id).update(state="WITHDRAWN")
    send_pending(at=march(10, 8, 32))
    assert "luo-liaison 2026-03-10 WITHDRAWN" in digests()


def test_an_officials_reminder_is_in_no_citizens_messages(at: datetime) -> None:
    a_card(at)
    send_digests(at=march(10, 8, 30))
    assert all(m.recipient_id < 0 for m in Message.objects.filter(kind=reminding.KIND))


def test_the_reminders_take_few_statements_however_many_cases(at: datetime) -> None:
    def spent() -> int:
        with CaptureQueriesContext(connection) as captured:
            send_digests(at=march(10, 8, 30))
        return len(captured)

    a_card(at)
    before = spent()
    for _ in range(3):
        a_card(at)
    assert spent() == before


def test_the_next_morning_is_the_next_day(at: datetime) -> None:
    assert next_digest(march(10, 8, 29)) == march(10, 8, 30)
    assert next_digest(march(10, 8, 30)) == march(11, 8, 30)
    assert next_digest(march(10) + timedelta(days=3)) == march(14, 8, 30)
