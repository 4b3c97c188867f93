"""The morning's reminder: once a working day, only to whom it concerns, true when it is sent.

A message is queued for each liaison of a unit and each supervisor of an area who has something to
look at. What it says is asked again in the transaction that sends it, and written anew where it
has changed; with nothing left it is withdrawn (docs/adr/0007).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from yiwang.apps.cases.public import DueCounts, due_counts
from yiwang.apps.people.public import Account, Organ
from yiwang.apps.supervision.figures import open_cards
from yiwang.apps.supervision.permissions import RESPOND, WATCH
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.messaging.models import Channel, Message
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.identifiers.region import covers
from yiwang.kernel.moment import BEIJING, chinese_date, civil_date

KIND = "supervision.digest"
DIGEST = "supervision.digest"
SUBJECT = "supervision:city"
SEND_AT = time(8, 30)
LINK = "/cards/"


@dataclass(frozen=True, slots=True)
class Digest:
    """What waits for one person, over the units they answer for or watch."""

    due_today: int = 0
    due_tomorrow: int = 0
    late: int = 0
    yellow: int = 0
    red: int = 0
    appeals: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, part.name) for part in fields(self))

    def text(self, on: date, tomorrow: date, at: datetime) -> str:
        """In words, with the instant at which it was so."""
        parts = [
            (self.due_today, "件今天到期"),
            (self.due_tomorrow, f"件下一个工作日({chinese_date(tomorrow)})到期"),
            (self.late, "件已经超期"),
            (self.yellow, "张黄牌待反馈"),
            (self.red, "张红牌待反馈"),
            (self.appeals, "件申诉等待裁定"),
        ]
        said = "、".join(f"{number} {words}" for number, words in parts if number)
        return f"截至 {chinese_date(on)} {at.astimezone(BEIJING):%H:%M}:{said}。"


@dataclass(frozen=True, slots=True)
class Reader:
    """A named person who is reminded, with the units it is about."""

    account_id: int
    organs: frozenset[int]


def recipient_of(account_id: int) -> int:
    """Where an account's own messages lie. Messages go to parties, whose numbers are positive; an
    official is reminded as the holder of a post, not as a citizen, and lies below zero."""
    return -account_id


def readers(*, on: date, account_id: int | None = None) -> list[Reader]:
    """Who holds, on this day and in their own right, a post that answers or watches.

    Two statements.
    """
    wanted = Q(holdings__post__role__permissions__contains=[RESPOND.code]) | Q(
        holdings__post__role__permissions__contains=[WATCH.code]
    )
    valid = Q(holdings__valid_until__isnull=True) | Q(holdings__valid_until__gte=on)
    rows = Account.objects.filter(
        wanted & valid & Q(holdings__is_deputy=False, holdings__valid_from__lte=on),
        is_active=True,
        is_staff=True,
    )
    if account_id is not None:
        rows = rows.filter(pk=account_id)
    posts = rows.order_by("pk").values_list(
        "pk",
        "holdings__post__organ_id",
        "holdings__post__area_id",
        "holdings__post__role__permissions",
    )
    areas = list(Organ.objects.order_by("pk").values_list("pk", "area_id"))
    found: dict[int, set[int]] = {}
    for pk, organ_id, area_id, permissions in posts:
        mine = found.setdefault(pk, set())
        if RESPOND.code in permissions:
            mine.add(organ_id)
        if WATCH.code in permissions:
            mine |= {organ for organ, code in areas if covers(area_id, code)}
    return [Reader(pk, frozenset(organs)) for pk, organs in found.items()]


def digests(people: list[Reader], *, on: date, tomorrow: date, at: datetime) -> dict[int, Digest]:
    """Account → what waits for it; two statements however many people."""
    cases, cards = due_counts(on=on, tomorrow=tomorrow, at=at), open_cards()
    found = {}
    for reader in people:
        due = [cases.get(organ, DueCounts(0, 0, 0)) for organ in reader.organs]
        open_ = [cards.get(organ, (0, 0, 0)) for organ in reader.organs]
        found[reader.account_id] = Digest(
            due_today=sum(part.today for part in due),
            due_tomorrow=sum(part.tomorrow for part in due),
            late=sum(part.late for part in due),
            yellow=sum(part[0] for part in open_),
            red=sum(part[1] for part in open_),
            appeals=sum(part[2] for part in open_),
        )
    return found


def following_day(on: date) -> date:
    return calendar().next_working_day(on + timedelta(days=1))


def send_digests(*, at: datetime) -> int:
    """Queue today's reminders; a second time today changes nothing. Returns how many people have
    something to look at; none on a day that is no working day."""
    on = civil_date(at)
    if not calendar().is_working(on):
        return 0
    people = readers(on=on)
    tomorrow = following_day(on)
    told = 0
    for account_id, digest in digests(people, on=on, tomorrow=tomorrow, at=at).items():
        if digest.is_empty:
            continue
        told += 1
        queue(
            kind=KIND,
            subject=f"account:{account_id}",
            occasion=on.isoformat(),
            recipient_id=recipient_of(account_id),
            title=f"{chinese_date(on)} 监察提醒",
            body=digest.text(on, tomorrow, at),
            link=LINK,
            channels=(Channel.IN_SITE,),
            at=at,
        )
    return told


def still_waiting(subject: str, occasion: str) -> str:
    """Asked in the sending transaction. A reminder of figures that moved meanwhile is written anew
    as of its instant; it is not sent where nothing is left, or to who lost the post."""
    account_id, on = int(subject.removeprefix("account:")), date.fromisoformat(occasion)
    row = Message.objects.filter(kind=KIND, subject=subject, occasion=occasion).first()
    people = readers(on=on, account_id=account_id)
    if row is None or not people:
        return "已经不担任需要提醒的岗位"
    tomorrow = following_day(on)
    digest = digests(people, on=on, tomorrow=tomorrow, at=row.created_at)[account_id]
    if digest.is_empty:
        return "需要看的事都已经办完"
    text = digest.text(on, tomorrow, row.created_at)
    if text != row.body:
        Message.objects.filter(pk=row.pk).update(body=text)
    return ""


def next_digest(at: datetime) -> datetime:
    """The coming 08:30. Whether that day is a working day is asked then: a holiday notice may
    still change it."""
    today = datetime.combine(civil_date(at), SEND_AT, BEIJING)
    return today if today > at else today + timedelta(days=1)


def digest_due(subject: str, at: datetime) -> None:
    """The timer's handler: today's reminders, and the next morning's timer."""
    send_digests(at=at)
    set_timers(subject, {DIGEST: next_digest(at)})


def start_timers(wanted: dict[str, datetime]) -> None:
    """Set the standing timers that are not set; one that runs is left as it is."""
    rows: list[Any] = [
        Timer(subject=SUBJECT, kind=kind, due_at=due_at) for kind, due_at in wanted.items()
    ]
    Timer.objects.bulk_create(rows, ignore_conflicts=True)
