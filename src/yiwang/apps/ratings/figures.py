"""The figures of a period: counted by SQL from the rows when asked, never kept.

One statement counts every figure by organ and item; organs and the whole are sums of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from yiwang.apps.people.public import Organ
from yiwang.apps.ratings.domain.figures import BY_CODE, COUNTED, FIGURES, Rate
from yiwang.apps.ratings.models import Rating, RatingInvitation
from yiwang.apps.ratings.queries import Said, labels_of, said_of
from yiwang.foundation.lists import Listing, page
from yiwang.kernel.moment import start_of_day

FROM = (
    "ratings_ratinginvitation i LEFT JOIN ratings_rating r ON r.invitation_id = i.id "
    "LEFT JOIN ratings_badrating b ON b.rating_id = r.id"
)
# Visits without a case are one line: what a clerk wrote of them is no item.
ITEM = "CASE WHEN i.item_code = '' THEN '到窗服务' ELSE i.item_name END"
ROWS = Listing(
    "ratings_ratinginvitation", "organ_id", "bigint", (("id", "bigint"),), descending=True
)
Rates = dict[str, Rate]


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of the whole, an organ, or an item of an organ."""

    label: str
    rates: Rates
    organ_id: int | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, both days included."""

    first: date
    last: date
    total: Line
    organs: list[Line]
    items: list[Line]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows a figure opens to."""

    figure: str
    is_numerator: bool
    first: date
    last: date
    organ_id: int | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One counted service: of an unrated or anonymous one no number, lest the rest tell who."""

    invitation: RatingInvitation
    said: Said | None


def figures(*, organs: list[int], first: date, last: date) -> Figures:
    """Two statements, whatever the number of organs, items and ratings."""
    sides = [side for f in FIGURES for side in (f.counted, f.denominator)]
    counts = ", ".join(f"count(*) FILTER (WHERE {side})" for side in sides)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.organ_id, {ITEM}, {counts} FROM {FROM} WHERE i.organ_id = ANY(%s) "
            f"AND i.invited_at >= %s AND i.invited_at < %s AND {COUNTED} "
            "GROUP BY 1, 2 ORDER BY 1, 2",
            [organs, start_of_day(first), start_of_day(last + timedelta(days=1))],
        )
        found = cursor.fetchall()
    names = dict(Organ.objects.filter(pk__in=organs).values_list("pk", "short_name"))
    items = [Line(name, _rates(numbers), organ, name) for organ, name, *numbers in found]
    by_organ: dict[int, Rates] = {}
    for line in items:
        assert line.organ_id is not None
        by_organ[line.organ_id] = _sum(by_organ.get(line.organ_id, {}), line.rates)
    whole: Rates = {f.code: Rate() for f in FIGURES}
    for rates in by_organ.values():
        whole = _sum(whole, rates)
    lines = [Line(names[organ], rates, organ) for organ, rates in by_organ.items()]
    return Figures(first, last, Line("合计", whole), lines, items)


def _rates(numbers: list[int]) -> Rates:
    return {f.code: Rate(numbers[2 * n], numbers[2 * n + 1]) for n, f in enumerate(FIGURES)}


def _sum(one: Rates, other: Rates) -> Rates:
    return {code: one.get(code, Rate()) + rate for code, rate in other.items()}


def rows_of(
    wanted: Wanted, *, organs: list[int], after: str | None = None, size: int = 20
) -> tuple[list[ServiceRow], str | None]:
    """The rows one side of a figure counts: exactly its condition. Three statements.

    Raises KeyError for an unknown figure, BadCursorError.
    """
    figure = BY_CODE[wanted.figure]
    side = figure.counted if wanted.is_numerator else figure.denominator
    where = (
        f"t.invited_at >= %s AND t.invited_at < %s "
        f"AND EXISTS (SELECT 1 FROM {FROM} WHERE i.id = t.id AND {COUNTED} AND {side} "
        f"AND (%s::text IS NULL OR {ITEM} = %s))"
    )
    end = start_of_day(wanted.last + timedelta(days=1))
    found = page(
        ROWS,
        scopes=[pk for pk in organs if wanted.organ_id in (None, pk)],
        where=where,
        parameters=[start_of_day(wanted.first), end, wanted.item, wanted.item],
        after=after or None,
        size=size,
    )
    ratings = {
        row.invitation_id: row
        for row in Rating.objects.select_related("invitation").filter(invitation__in=found.keys)
    }
    labels = labels_of(list(ratings.values()))
    rows = RatingInvitation.objects.in_bulk(list(found.keys))
    shown = [
        ServiceRow(rows[key], said_of(ratings[key], rows[key], labels) if key in ratings else None)
        for key in found.keys
    ]
    return shown, found.next_cursor
