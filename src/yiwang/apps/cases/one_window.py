"""一窗受理 in figures: by township, district and hall; a table is one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.one_window import LEAST_ORGANS, Share
from yiwang.apps.cases.queries import CasePage, listed_cases
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page
from yiwang.kernel.identifiers import region
from yiwang.kernel.labelled import LabelledEnum
from yiwang.kernel.moment import end_of_day, start_of_day

# A table shows every place of its level in the scope; a province has fewer than this.
MOST_PLACES = 5000
LONGEST = timedelta(days=800)
ACCEPTED = Listing(
    "cases_case",
    "hall_id",
    "bigint",
    (("accepted_at", "timestamptz"), ("id", "bigint")),
    descending=True,
)
_PERIOD = "t.accepted_at >= %s AND t.accepted_at < %s AND t.state <> 'VOIDED'"


class Level(LabelledEnum):
    """What a row of the table is: a township, a district, or one hall."""

    TOWNSHIP = "TOWNSHIP", "镇街"
    DISTRICT = "DISTRICT", "区县"
    HALL = "HALL", "大厅"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included."""

    first: date
    last: date

    @property
    def problem(self) -> str:
        """What is wrong with it; "" where nothing is."""
        if timedelta(0) <= self.last - self.first <= LONGEST:
            return ""
        return f"截止日期要不早于开始日期,最长 {LONGEST.days} 天。"

    @property
    def instants(self) -> tuple[Any, Any]:
        return start_of_day(self.first), end_of_day(self.last)


@dataclass(frozen=True, slots=True)
class PlaceShare:
    """One row: `key` is the area's code or the hall's id; `halls` how many open or busy halls."""

    key: str
    name: str
    within: str
    halls: int
    share: Share


def stems_of(actor: Actor) -> list[str]:
    """Prefixes of the division codes this actor watches."""
    return sorted(
        {
            region.parse(posting.area_code).stem
            for posting in actor.postings
            if permissions.WATCH_HALLS.code in posting.permissions
        }
    )


# Windows with items of two organs in the period are real ones; counted over all their cases there.
_COUNTED = f"""
    WITH mine AS (
        SELECT h.id, h.name, h.area_id, h.valid_until FROM people_hall h
        WHERE h.area_id LIKE ANY(%(stems)s)
    ), accepted AS (
        SELECT c.hall_id, c.accepted_window_id AS w, c.organ_id
        FROM mine JOIN cases_case c ON c.hall_id = mine.id
         AND c.accepted_at >= %(start)s AND c.accepted_at < %(end)s
        WHERE c.state <> 'VOIDED'
    ), real AS (
        SELECT w FROM accepted WHERE w IS NOT NULL
        GROUP BY w HAVING count(DISTINCT organ_id) >= {LEAST_ORGANS}
    ), counted AS (
        SELECT hall_id, count(*) AS n, count(*) FILTER (WHERE w IN (SELECT w FROM real)) AS one
        FROM accepted GROUP BY hall_id
    )
"""
_BY_HALL = (
    _COUNTED
    + """
    SELECT m.id::text, m.name, a.name, 1, COALESCE(k.n, 0), COALESCE(k.one, 0)
    FROM mine m JOIN people_area a ON a.code = m.area_id LEFT JOIN counted k ON k.hall_id = m.id
    WHERE m.valid_until IS NULL OR k.n > 0
    ORDER BY COALESCE(k.one, 0) > 0, COALESCE(k.one, 0)::numeric / NULLIF(k.n, 0), m.area_id, m.id
    LIMIT %(most)s
"""
)
_BY_AREA = (
    _COUNTED
    + """
    SELECT a.code, a.name, COALESCE(p.name, ''), count(m.id),
           COALESCE(sum(k.n), 0), COALESCE(sum(k.one), 0)
    FROM people_area a
    LEFT JOIN people_area p ON p.code = a.parent_id
    LEFT JOIN mine m ON left(m.area_id, %(length)s) = left(a.code, %(length)s)
    LEFT JOIN counted k ON k.hall_id = m.id
    WHERE a.level = %(level)s AND a.code LIKE ANY(%(stems)s) AND NOT a.is_zone
      AND a.valid_until IS NULL
    GROUP BY a.code, a.name, p.name
    ORDER BY COALESCE(sum(k.one), 0) > 0, sum(k.one) / NULLIF(sum(k.n), 0), a.code
    LIMIT %(most)s
"""
)
_LENGTHS = {Level.TOWNSHIP: 9, Level.DISTRICT: 6}


def figures(*, level: Level, period: Period, actor: Actor) -> list[PlaceShare]:
    """Every place of the level that this actor watches, those with none at one window first, then
    by share. One statement."""
    actor.require(permissions.WATCH_HALLS)
    start, end = period.instants
    values = {
        "stems": [f"{stem}%" for stem in stems_of(actor)],
        "start": start,
        "end": end,
        "level": level.value,
        "length": _LENGTHS.get(level, 0),
        "most": MOST_PLACES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_HALL if level is Level.HALL else _BY_AREA, values)
        return [
            PlaceShare(key, name, within, halls, Share(int(accepted), int(one)))
            for key, name, within, halls, accepted, one in cursor.fetchall()
        ]


def _halls_and_windows(
    level: Level, key: str, period: Period, actor: Actor
) -> tuple[list[int], list[int]]:
    """The halls behind one row, within the scope, and their real windows. One statement."""
    start, end = period.instants
    where = "m.id::text = %(key)s"
    if level is not Level.HALL:
        where = "left(m.area_id, %(length)s) = left(%(key)s, %(length)s)"
    sql = (
        _COUNTED
        + f"""
        SELECT COALESCE(array_agg(m.id), '{{}}'), (SELECT COALESCE(array_agg(w), '{{}}') FROM real)
        FROM mine m WHERE {where}
    """
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "stems": [f"{stem}%" for stem in stems_of(actor)],
                "start": start,
                "end": end,
                "key": key,
                "length": _LENGTHS.get(level, 0),
            },
        )
        halls, windows = cursor.fetchone()
    return list(halls), list(windows)


def cases_behind(
    *,
    level: Level,
    key: str,
    period: Period,
    only_one_window: bool,
    actor: Actor,
    after: str | None = None,
    size: int = 20,
) -> CasePage:
    """The cases that a figure counts, last accepted first. Three statements; BadCursorError."""
    actor.require(permissions.WATCH_HALLS)
    halls, windows = _halls_and_windows(level, key, period, actor)
    where, values = _PERIOD, [*period.instants]
    if only_one_window:
        where, values = f"{where} AND t.accepted_window_id = ANY(%s)", [*values, windows]
    return listed_cases(
        page(ACCEPTED, scopes=halls, where=where, parameters=values, after=after, size=size)
    )
