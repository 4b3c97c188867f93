"""Looking at a case and issuing what is true of it: by a timer, and again by the nightly sweep.

A timer is a reminder to look. The case is locked, its clocks are reckoned as they are then, what
is true is issued, and the next reminder is set. An event of the case only sets that reminder to
now: a fault in here can hold back nothing else that hangs on the event.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from yiwang.apps.cases.public import WatchedCase, watch, watched_batches
from yiwang.apps.supervision.domain.evaluating import (
    BY_CALENDAR,
    Rule,
    Truth,
    Yellow,
    due,
    next_look,
    truths,
)
from yiwang.apps.supervision.domain.vocabulary import (
    AppealCause,
    CardState,
    Signal,
    ThresholdUnit,
)
from yiwang.apps.supervision.events import CardIssued
from yiwang.apps.supervision.models import Card
from yiwang.apps.supervision.operations.acting import CardAct, withdraw
from yiwang.apps.supervision.operations.ruling import as_rule, rules_in_force
from yiwang.foundation.access import system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.issuing import next_number
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.shell.dates import cn_date
from yiwang.foundation.statements import insert
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.chain import salted_digest
from yiwang.kernel.moment import BEIJING, civil_date

log = logging.getLogger(__name__)
LOOK, RECONSIDER, SWEEP = "supervision.look", "supervision.reconsider", "supervision.sweep"
SUBJECT = "supervision:city"
SWEEP_AT = time(2, 0)
# Of the unit's own series: whoever deletes a card leaves a hole that anybody can see.
KIND_WORD = "监察"
STANDING = (CardState.VALID.value, CardState.UPHELD.value)
MOVED_REASON = "放假安排公布后,{label}的到期日顺延,当时并未超期,系统自动撤销。"


def remind(case_id: int, at: datetime) -> None:
    """Have the case looked at in the worker's next round; one statement."""
    set_timers(f"case:{case_id}", {LOOK: at})


def look(case_id: int, *, at: datetime) -> list[Card]:
    """Issue what is true of a case now, and set the next reminder. May be repeated."""
    with transaction.atomic():
        case = watch([case_id], lock=True).get(case_id)
        if case is None:
            return []
        rules = rules_in_force(on=civil_date(at))
        cards = list(Card.objects.filter(case_id=case_id))
        made = _issue(case, _due(case, rules, cards, at), at)
        following = _next(case, rules, cards + made, at)
        set_timers(f"case:{case_id}", {LOOK: following})
        return made


def _yellows(cards: Iterable[Card]) -> list[Yellow]:
    """Yellow cards that stand; one under appeal waits for its decision."""
    return [
        Yellow(card.target, card.issued_at)
        for card in cards
        if card.signal == Signal.YELLOW.value and card.state in STANDING
    ]


def _known(cards: Iterable[Card]) -> set[tuple[str, str]]:
    return {(card.rule_code, card.target) for card in cards}


def _due(case: WatchedCase, rules: list[Rule], cards: list[Card], at: datetime) -> list[Truth]:
    return due(truths(rules, case, _yellows(cards), calendar()), _known(cards), at)


def _next(case: WatchedCase, rules: list[Rule], cards: list[Card], at: datetime) -> datetime | None:
    return next_look(truths(rules, case, _yellows(cards), calendar()), _known(cards), at)


def _issue(case: WatchedCase, found: list[Truth], at: datetime) -> list[Card]:
    """Cards with their records and events; numbers last, since a series is held to the commit."""
    if not found:
        return []
    cards = [_card(case, truth, at) for truth in found]
    for card in cards:
        card.number = next_number(case.organ_word, KIND_WORD, civil_date(at).year)
    insert(cards)
    entries = []
    for card, truth in zip(cards, found, strict=True):
        entry, head = build(
            subject=card.subject,
            head=START,
            operation="supervision.issue",
            actor=system_actor("supervision").ref,
            at=at,
            facts={
                "card_state": card.state,
                "case": card.case_id,
                "rule": truth.rule.code,
                "rule_version": truth.rule.version,
                "signal": card.signal,
                "target": card.target,
                "number": card.number,
            },
            digests={"evidence": evidence_digest(card)},
        )
        card.version, card.record_hash = head.seq, head.hash
        entries.append(entry)
    insert(entries)
    Card.objects.bulk_update(cards, ["version", "record_hash"])
    publish([CardIssued(card_id=c.pk, case_id=c.case_id, signal=c.signal) for c in cards], at=at)
    return cards


def _card(case: WatchedCase, truth: Truth, at: datetime) -> Card:
    return Card(
        rule_id=truth.rule.pk,
        rule_code=truth.rule.code,
        signal=truth.rule.signal.value,
        case_id=case.case_id,
        short_number=case.short_number,
        item_name=case.item_name,
        organ_id=case.organ_id,
        area_code=case.area_code,
        target=truth.target,
        target_label=truth.label[:120],
        text=text_of(truth, case)[:400],
        evidence=truth.evidence,
        occurred_at=truth.since,
        issued_at=at,
        salt=secrets.token_bytes(16),
        state=CardState.VALID.value,
        record_hash=b"",
    )


def text_of(truth: Truth, case: WatchedCase) -> str:
    """The rule's own words with this case's facts in their places."""
    rule, on = truth.rule, truth.evidence.get("due_on")
    threshold = "" if rule.unit is ThresholdUnit.NONE else f"{rule.number} {rule.unit.label}"
    return rule.text.format_map(
        {
            "number": case.short_number,
            "item": case.item_name,
            "target": truth.label,
            "due": cn_date(date.fromisoformat(on)) if on else "",
            "threshold": threshold,
        }
    )


def evidence_digest(card: Card) -> str:
    """The salted digest of what the card says: the record holds it, `verify` compares."""
    said: dict[str, Any] = {"text": card.text, "evidence": card.evidence}
    return salted_digest(bytes(card.salt), said)


def reconsider(case_id: int, *, at: datetime) -> list[Card]:
    """After a holiday notice: cards for a day that it moved fall, by the platform itself.

    Only what the calendar decides is asked again; an extension granted too late heals nothing.
    """
    with transaction.atomic():
        case = watch([case_id], lock=True).get(case_id)
        if case is None:
            return []
        wanted = [condition.value for condition in BY_CALENDAR]
        cards = list(
            Card.objects.select_related("rule")
            .filter(case_id=case_id, rule__condition__in=wanted)
            .exclude(state=CardState.WITHDRAWN.value)
            .order_by("id")
        )
        rules = {card.rule_id: as_rule(card.rule) for card in cards}
        now = {
            (truth.rule.pk, truth.target)
            for truth in truths(rules.values(), case, (), calendar())
            if truth.since <= at
        }
        fallen = [card for card in cards if (card.rule_id, card.target) not in now]
        for card in fallen:
            act = CardAct(card, system_actor("supervision"), at)
            reason = MOVED_REASON.format(label=card.target_label)
            withdraw(act, cause=AppealCause.SYSTEM, reason=reason)
            act.commit("supervision.withdraw")
        set_timers(f"case:{case_id}", {LOOK: at})
        return fallen


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep saw, how many cards it issued that a lost reminder had missed."""

    seen: int
    issued: int


def sweep_cases(*, at: datetime) -> Swept:
    """Every case that is not over, five hundred at a time: statements by batch, never by case.

    Only a case with something to issue is looked at by itself, in a transaction of its own; the
    others get their reminders set anew, so that a changed rule takes effect.
    """
    rules = rules_in_force(on=civil_date(at))
    seen = issued = 0
    for keys in watched_batches(at=at):
        cases = watch(keys)
        cards = defaultdict(list)
        for card in Card.objects.filter(case_id__in=keys):
            cards[card.case_id].append(card)
        reminders: dict[int, datetime] = {}
        for key, case in cases.items():
            seen += 1
            if _due(case, rules, cards[key], at):
                issued += _look_safely(key, at)
            elif following := _next(case, rules, cards[key], at):
                reminders[key] = following
        _set_reminders(reminders)
    return Swept(seen, issued)


def _look_safely(case_id: int, at: datetime) -> int:
    """A case that cannot be looked at does not keep the others waiting; its own timer tells."""
    try:
        return len(look(case_id, at=at))
    except Exception:
        log.exception("sweep: case %s", case_id)
        remind(case_id, at)
        return 0


def _set_reminders(wanted: dict[int, datetime]) -> None:
    Timer.objects.bulk_create(
        [
            Timer(subject=f"case:{case_id}", kind=LOOK, due_at=due_at)
            for case_id, due_at in sorted(wanted.items())
        ],
        update_conflicts=True,
        unique_fields=["subject", "kind"],
        update_fields=["due_at"],
    )


def next_sweep(at: datetime) -> datetime:
    """The coming night's."""
    day = civil_date(at)
    tonight = datetime.combine(day, SWEEP_AT, BEIJING)
    return tonight if tonight > at else tonight + timedelta(days=1)
