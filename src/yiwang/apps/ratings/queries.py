"""Reads: what a person may rate, bad ratings of an organ, one of them whole.

Nothing here gives staff the person, the case or the hour of an anonymous rating.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from yiwang.apps.people.public import Party, Window
from yiwang.apps.ratings.domain.parameters import WINDOW_DAYS
from yiwang.apps.ratings.errors import RatingNotFoundError
from yiwang.apps.ratings.models import (
    BadRating,
    HandlingStep,
    Rating,
    RatingInvitation,
    RatingTask,
    Satisfaction,
)
from yiwang.apps.ratings.seeing import may_see, organs_of
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import civil_date

OPEN_ONES = Listing(
    "ratings_badrating",
    "organ_id",
    "bigint",
    (("sort_due_at", "timestamptz"), ("id", "bigint")),
)
ALL_ONES = Listing("ratings_badrating", "organ_id", "bigint", (("id", "bigint"),), descending=True)
WHERE = {
    "open": (OPEN_ONES, "t.state NOT IN ('CLOSED', 'EXCLUDED')"),
    "disputed": (
        OPEN_ONES,
        "t.state NOT IN ('CLOSED', 'EXCLUDED') AND t.state = 'DISPUTED'",
    ),
    "all": (ALL_ONES, "TRUE"),
}
MOST_OWN = 20
ANONYMOUS = "匿名"


@dataclass(frozen=True, slots=True)
class Said:
    """A rating as staff may see it: `person` and `number` are blank for an anonymous one."""

    satisfaction: str
    tags: list[str]
    text: str
    on: str
    person: str
    number: str

    @property
    def satisfaction_label(self) -> str:
        return str(Satisfaction(self.satisfaction).label)


@dataclass(frozen=True, slots=True)
class Shown:
    """A bad rating with its tasks and what was said."""

    row: BadRating
    said: Said
    tasks: list[RatingTask]
    steps: list[HandlingStep]

    def is_late(self, at: datetime) -> bool:
        return any(task.closed_at is None and task.is_late(at) for task in self.tasks)


@dataclass(frozen=True, slots=True)
class BadRatingPage:
    ratings: list[Shown]
    next_cursor: str | None


def said_of(rating: Rating, invitation: RatingInvitation, labels: dict[int, str]) -> Said:
    """What staff may know; the day only of an anonymous one."""
    hidden = rating.is_anonymous
    return Said(
        satisfaction=rating.satisfaction,
        tags=list(rating.tags),
        text=rating.text,
        on=civil_date(rating.rated_at).isoformat(),
        person=ANONYMOUS if hidden else labels.get(invitation.party_id, ""),
        number="" if hidden else invitation.short_number,
    )


def labels_of(ratings: Sequence[Rating]) -> dict[int, str]:
    """Masked names of who rated under their name; one statement."""
    wanted = {r.invitation.party_id for r in ratings if not r.is_anonymous}
    return dict(Party.objects.filter(pk__in=wanted).values_list("pk", "label"))


def _shown(rows: list[BadRating], *, with_steps: bool = False) -> list[Shown]:
    keys = [row.pk for row in rows]
    labels = labels_of([row.rating for row in rows])
    tasks: dict[int, list[RatingTask]] = {}
    for task in RatingTask.objects.filter(bad_rating__in=keys).order_by("kind"):
        tasks.setdefault(task.bad_rating_id, []).append(task)
    steps: dict[int, list[HandlingStep]] = {}
    if with_steps:
        for step in HandlingStep.objects.filter(bad_rating__in=keys).order_by("id"):
            steps.setdefault(step.bad_rating_id, []).append(step)
    return [
        Shown(
            row,
            said_of(row.rating, row.rating.invitation, labels),
            tasks.get(row.pk, []),
            steps.get(row.pk, []),
        )
        for row in rows
    ]


def bad_ratings(
    *,
    actor: Actor,
    which: str = "open",
    organ_id: int | None = None,
    after: str | None = None,
    size: int = 20,
) -> BadRatingPage:
    """Of the organs this actor handles or watches: the open ones by the clock, those that wait for
    a review, or all with the newest first. Five statements. Raises BadCursorError."""
    listing, where = WHERE.get(which, WHERE["open"])
    organs = [pk for pk in organs_of(actor) if organ_id is None or pk == organ_id]
    found = page(listing, scopes=organs, where=where, after=after or None, size=size)
    rows = BadRating.objects.select_related("organ", "rating__invitation").in_bulk(list(found.keys))
    return BadRatingPage(_shown([rows[k] for k in found.keys if k in rows]), found.next_cursor)


def whole(bad_rating_id: int, *, actor: Actor) -> Shown:
    """Raises RatingNotFoundError, also for who may not see it."""
    row = (
        BadRating.objects.select_related("organ", "rating__invitation")
        .filter(pk=bad_rating_id)
        .first()
    )
    if row is None or not may_see(actor, row):
        raise RatingNotFoundError
    return _shown([row], with_steps=True)[0]


@dataclass(frozen=True, slots=True)
class Own:
    """A service of one's own, and whether it was rated."""

    invitation: RatingInvitation
    is_rated: bool


def own_at_window(window: Window, *, actor: Actor, at: datetime) -> list[Own]:
    """The actor's own visits to this window and cases of its hall, of the last days."""
    own = [] if actor.party_id is None else [actor.party_id, *actor.represents]
    here = Q(window_id=window.pk) | Q(window_id__isnull=True, hall_id=window.hall_id)
    return _recent(RatingInvitation.objects.filter(here, party_id__in=own), at)


def of_case(case_id: int, *, hall_id: int | None, at: datetime) -> list[Own]:
    """The points of one case, for who gave its number and code; of one hall where one is named."""
    rows = RatingInvitation.objects.filter(case_id=case_id)
    return _recent(rows if hall_id is None else rows.filter(hall_id=hall_id), at)


def _recent(rows: QuerySet[RatingInvitation], at: datetime) -> list[Own]:
    days = parameter(WINDOW_DAYS, on=civil_date(at)).value
    recent = rows.filter(invited_at__gte=at - timedelta(days=days))
    found = recent.select_related("rating").order_by("-invited_at", "-id")[:MOST_OWN]
    return [Own(row, hasattr(row, "rating")) for row in found]
