"""Passing the queue of one's post to a colleague for a time; and the duty roster of an organ."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from yiwang.apps.people.duty_models import Handover
from yiwang.apps.people.models import Absence, PostHolding
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

LONGEST = timedelta(days=92)


class InvalidHandoverError(ValueError):
    """What was typed cannot be right; `fields`: name → what to do."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("、".join(fields.values()))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when, and why."""

    starts_at: datetime | None
    ends_at: datetime | None
    reason: str


def receivers_of(actor: Actor, *, on: date) -> dict[int, list[tuple[int, str]]]:
    """Own post → (account, name) of who may take its queue: the same role at the organ, or a
    deputy of the post. One statement."""
    own = {p.post_id: p for p in actor.postings if not p.is_deputy}
    rows = (
        _in_force(on)
        .filter(
            Q(post_id__in=own, is_deputy=True)
            | Q(
                post__organ_id__in={p.organ_id for p in own.values()},
                post__role_id__in={p.role_code for p in own.values()},
                is_deputy=False,
            )
        )
        .exclude(account_id=actor.account_id or 0)
        .order_by("account__label", "account_id")
        .select_related("account", "post")
    )
    found: dict[int, dict[int, str]] = {post_id: {} for post_id in own}
    for row in rows:
        for post_id, posting in own.items():
            is_same = (row.post.organ_id, row.post.role_id) == (posting.organ_id, posting.role_code)
            if row.post_id == post_id if row.is_deputy else is_same:
                found[post_id][row.account_id] = row.account.label
    return {post_id: list(people.items()) for post_id, people in found.items()}


def _in_force(on: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        valid_from__lte=on,
        account__is_active=True,
    )


@transaction.atomic
def hand_over(
    *, post_id: int, receiver_id: int, term: Term, actor: Actor, at: datetime
) -> Handover:
    """Raises AccessDeniedError for a post that is not one's own, InvalidHandoverError."""
    people = receivers_of(actor, on=civil_date(at))
    if post_id not in people or actor.account_id is None:
        raise AccessDeniedError("只能移交您自己岗位的待办。")
    problems = _problems(term, at)
    if receiver_id not in dict(people[post_id]):
        problems["receiver"] = "请选择接办人:本单位同一岗位的同事,或者这个岗位的 B角。"
    if problems or term.starts_at is None or term.ends_at is None:
        raise InvalidHandoverError(problems)
    row = Handover.objects.create(
        post_id=post_id,
        giver_id=actor.account_id,
        receiver_id=receiver_id,
        starts_at=max(term.starts_at, at),
        ends_at=term.ends_at,
        reason=term.reason.strip()[:200],
    )
    _note(row, "people.hand_over", actor, at)
    return row


def _problems(term: Term, at: datetime) -> dict[str, str]:
    found = {}
    for name, moment in (("starts_at", term.starts_at), ("ends_at", term.ends_at)):
        if moment is None:
            found[name] = "请选择日期和时间。"
    if term.starts_at is not None and term.ends_at is not None:
        if term.ends_at <= max(at, term.starts_at):
            found["ends_at"] = "结束时间要晚于开始时间,并且还没有过去。"
        elif term.ends_at - term.starts_at > LONGEST:
            found["ends_at"] = f"一次最长移交 {LONGEST.days} 天;更长的请由安全管理员调整任岗。"
    if len(term.reason.strip()) < 2:
        found["reason"] = "请写明移交的原因,双方都能看到。"
    return found


@transaction.atomic
def end_handover(*, handover_id: int, actor: Actor, at: datetime) -> None:
    """Earlier than planned, by either of the two; nothing where it is over already."""
    mine = Q(giver_id=actor.account_id or 0) | Q(receiver_id=actor.account_id or 0)
    rows = Handover.objects.select_for_update().filter(mine, ends_at__gt=at)
    row = rows.filter(pk=handover_id).first()
    if row is None:
        return
    if row.starts_at >= at:
        row.starts_at = at - timedelta(seconds=1)
    row.ends_at = at
    row.save(update_fields=["starts_at", "ends_at"])
    _note(row, "people.end_handover", actor, at)


def _note(row: Handover, operation: str, actor: Actor, at: datetime) -> None:
    append(
        subject=f"account:{row.giver_id}",
        operation=operation,
        actor=actor.ref,
        at=at,
        facts={
            "handover": row.pk,
            "post": row.post_id,
            "receiver": f"account:{row.receiver_id}",
            "starts_at": row.starts_at.isoformat(),
            "ends_at": row.ends_at.isoformat(),
        },
    )


def handovers_of(account_id: int, *, at: datetime) -> list[Handover]:
    """Given and received, running or to come, soonest first. One statement."""
    mine = Q(giver_id=account_id) | Q(receiver_id=account_id)
    rows = Handover.objects.filter(mine, ends_at__gt=at, starts_at__lt=F("ends_at"))
    return list(
        rows.select_related("giver", "receiver", "post__organ").order_by("starts_at", "id")[:50]
    )


@dataclass(slots=True)
class RosterPost:
    """One post on the roster: who holds it, who of them is away until when, who acts now."""

    organ: str
    post: str
    holders: list[tuple[str, datetime | None]] = field(default_factory=list)
    deputies: list[str] = field(default_factory=list)
    handed: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def acting(self) -> list[str]:
        """Who does the work now: whoever is there, those it was handed to, deputies of the rest."""
        there = [label for label, until in self.holders if until is None]
        away = len(there) < len(self.holders)
        found = [*there, *(label for label, _ in self.handed), *(self.deputies if away else ())]
        return list(dict.fromkeys(found))


def roster(*, organ_ids: list[int], at: datetime) -> list[RosterPost]:
    """The posts of these organs in order; three statements."""
    holdings = list(
        _in_force(civil_date(at))
        .filter(post__organ_id__in=organ_ids)
        .select_related("account", "post__organ")
        .order_by("post__organ_id", "post_id", "id")
    )
    away = _away([row.account_id for row in holdings], at)
    handed: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    running = Handover.objects.filter(
        post__organ_id__in=organ_ids, starts_at__lte=at, ends_at__gt=at
    )
    for one in running.select_related("receiver").order_by("id"):
        handed[one.post_id].append((one.receiver.label, one.ends_at))
    posts: dict[int, RosterPost] = {}
    for row in holdings:
        post = posts.setdefault(
            row.post_id,
            RosterPost(row.post.organ.short_name, row.post.name, handed=handed[row.post_id]),
        )
        if row.is_deputy:
            post.deputies.append(row.account.label)
        else:
            post.holders.append((row.account.label, away.get(row.account_id)))
    return list(posts.values())


def _away(account_ids: list[int], at: datetime) -> dict[int, datetime]:
    rows = Absence.objects.filter(account_id__in=account_ids, starts_at__lte=at, ends_at__gt=at)
    return dict(rows.order_by("ends_at").values_list("account_id", "ends_at"))
