"""Reads of cards: lists by unit, one card whole, the rules, what may be shown to an applicant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.people.public import Organ, organs_in_area
from yiwang.apps.supervision.domain.vocabulary import CardState, Signal
from yiwang.apps.supervision.errors import CardNotFoundError, RuleNotFoundError
from yiwang.apps.supervision.models import Card, CardAppeal, SupervisionRule
from yiwang.apps.supervision.permissions import RESPOND, WATCH
from yiwang.apps.supervision.seeing import may_see
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page

SIGNALS = frozenset(signal.value for signal in Signal)
STATES = frozenset(state.value for state in CardState)
CARDS = Listing("supervision_card", "organ_id", "bigint", (("id", "bigint"),), descending=True)


@dataclass(frozen=True, slots=True)
class CardFilter:
    """What a list is narrowed to; an empty one is everything. `is_overdue`: appeals that wait for
    a decision longer than allowed."""

    signal: str = ""
    state: str = ""
    organ_id: int | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class CardPage:
    cards: list[Card]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class WholeCard:
    card: Card
    appeal: CardAppeal | None


def organs_of(actor: Actor) -> list[int]:
    """Units whose cards this actor sees: those of the areas watched, and the own ones answered for.
    One statement for who watches, none for others."""
    areas = [p.area_code for p in actor.postings if WATCH.code in p.permissions]
    found = set(actor.organ_ids(RESPOND))
    if areas:
        found |= set(organs_in_area(areas))
    return sorted(found)


def cards(
    *,
    organs: list[int],
    wanted: CardFilter,
    at: datetime,
    after: str | None = None,
    size: int = 20,
) -> CardPage:
    """Newest first, over these units; two statements. Raises BadCursorError."""
    if wanted.organ_id is not None:
        organs = [pk for pk in organs if pk == wanted.organ_id]
    where, parameters = _where(wanted, at)
    found = page(
        CARDS, scopes=organs, where=where, parameters=parameters, after=after or None, size=size
    )
    rows = (
        Card.objects.select_related("organ").defer("evidence").in_bulk(list(found.keys))
        if found.keys
        else {}
    )
    return CardPage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def _where(wanted: CardFilter, at: datetime) -> tuple[str, list[object]]:
    parts: list[str] = ["TRUE"]
    parameters: list[object] = []
    if wanted.signal in SIGNALS:
        parts.append("t.signal = %s")
        parameters.append(wanted.signal)
    if wanted.is_overdue:
        parts.append("t.state = 'APPEALED' AND t.decide_by <= %s")
        parameters.append(at)
    elif wanted.state in STATES:
        parts.append("t.state = %s")
        parameters.append(wanted.state)
    return " AND ".join(parts), parameters


def whole_card(card_id: int, *, actor: Actor) -> WholeCard:
    """Raises CardNotFoundError, also for who may not see it. One statement."""
    card = Card.objects.select_related("organ", "rule", "appeal").filter(pk=card_id).first()
    if card is None or not may_see(actor, card):
        raise CardNotFoundError
    return WholeCard(card, getattr(card, "appeal", None))


def organ_names(organs: list[int]) -> dict[int, str]:
    """In the order of their ids; one statement."""
    return dict(Organ.objects.filter(pk__in=organs).order_by("pk").values_list("pk", "short_name"))


def rule_versions(code: str) -> list[SupervisionRule]:
    """Every version of a rule, the newest first. Raises RuleNotFoundError."""
    rows = list(SupervisionRule.objects.filter(code=code).order_by("-version"))
    if not rows:
        raise RuleNotFoundError
    return rows


def latest_rules() -> list[list[SupervisionRule]]:
    """Every rule with all its versions, the newest first; one statement."""
    found: dict[str, list[SupervisionRule]] = {}
    for row in SupervisionRule.objects.order_by("code", "-version"):
        found.setdefault(row.code, []).append(row)
    order = [signal.value for signal in Signal]
    return sorted(found.values(), key=lambda rows: (order.index(rows[0].signal), rows[0].code))


@dataclass(frozen=True, slots=True)
class LateReason:
    """What a unit says publicly about being late."""

    text: str
    about: str
    given_at: datetime


def late_reason_of(case_id: int) -> LateReason | None:
    """The reason last given for a card of this case that stands; None where there is none.

    For the case's own pages, of staff and of the applicant. One statement on a unique index.
    """
    row = (
        Card.objects.filter(case_id=case_id, late_reason_at__isnull=False)
        .exclude(state=CardState.WITHDRAWN.value)
        .order_by("-late_reason_at", "-id")
        .values_list("late_reason", "target_label", "late_reason_at")
        .first()
    )
    if row is None or row[2] is None:
        return None
    return LateReason(row[0], row[1], row[2])
