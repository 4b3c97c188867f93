"""进驻事项 in figures: items in force by unit and by hall, read from the windows' packages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from yiwang.apps.cases import permissions
from yiwang.apps.cases.one_window import stems_of
from yiwang.foundation.access import Actor


@dataclass(frozen=True, slots=True)
class ResidentCount:
    """How many items in force are resident, of one organ or at one hall."""

    key: str
    name: str
    items: int


@dataclass(frozen=True, slots=True)
class ResidentItem:
    code: str
    name: str
    organ: str
    halls: Sequence[str]


# Items in force on the day, as `catalog.current_versions` says, with the halls that have them.
_RESIDENT = """
    WITH offered AS (
        SELECT DISTINCT ON (i.id) i.id, i.code, v.definition ->> 'name' AS name, o.id AS organ_id,
               o.name AS organ
        FROM catalog_itemversion v
        JOIN catalog_serviceitem i ON i.id = v.item_id
        JOIN people_organ o ON o.id = i.organ_id AND o.valid_until IS NULL
        WHERE v.status = 'PUBLISHED' AND v.effective_on <= %(today)s
        ORDER BY i.id, v.effective_on DESC, v.number DESC
    ), resident AS (
        SELECT DISTINCT f.code, f.name, f.organ_id, f.organ, h.id AS hall_id, h.name AS hall
        FROM people_window w
        JOIN people_hall h ON h.id = w.hall_id AND h.valid_until IS NULL
         AND h.area_id LIKE ANY(%(stems)s)
        CROSS JOIN LATERAL jsonb_array_elements_text(w.package) AS p (code)
        JOIN offered f ON f.code = p.code
        WHERE w.valid_until IS NULL
    )
"""
_BY_UNIT = (
    _RESIDENT
    + """
    SELECT organ_id::text, organ, count(DISTINCT code),
           (SELECT count(DISTINCT code) FROM resident)
    FROM resident GROUP BY organ_id, organ ORDER BY count(DISTINCT code) DESC, organ_id LIMIT 5000
"""
)
_AT_HALL = (
    _RESIDENT
    + """
    SELECT h.id::text, h.name, count(DISTINCT r.code),
           (SELECT count(DISTINCT code) FROM resident)
    FROM people_hall h LEFT JOIN resident r ON r.hall_id = h.id
    WHERE h.valid_until IS NULL AND h.area_id LIKE ANY(%(stems)s)
    GROUP BY h.id, h.name ORDER BY count(DISTINCT r.code), h.id LIMIT 5000
"""
)
_ITEMS = (
    _RESIDENT
    + """
    SELECT code, name, organ, array_agg(hall ORDER BY hall_id) FROM resident
    WHERE (%(organ)s::text = '' OR organ_id::text = %(organ)s)
      AND (%(hall)s::text = '' OR hall_id::text = %(hall)s)
    GROUP BY code, name, organ ORDER BY organ, code LIMIT 5000
"""
)


def _asked(actor: Actor, today: date, **more: str) -> dict[str, Any]:
    actor.require(permissions.WATCH_HALLS)
    return {"stems": [f"{stem}%" for stem in stems_of(actor)], "today": today, **more}


def resident_counts(*, by_hall: bool, today: date, actor: Actor) -> tuple[list[ResidentCount], int]:
    """进驻事项 by unit or by hall, and how many different items there are. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_HALL if by_hall else _BY_UNIT, _asked(actor, today))
        rows = cursor.fetchall()
    total = rows[0][3] if rows else 0
    return [ResidentCount(key, name, number) for key, name, number, _ in rows], total


def resident_items(
    *, organ: str = "", hall: str = "", today: date, actor: Actor
) -> list[ResidentItem]:
    """The items behind a figure, by unit. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, _asked(actor, today, organ=organ, hall=hall))
        return [ResidentItem(*row) for row in cursor.fetchall()]
