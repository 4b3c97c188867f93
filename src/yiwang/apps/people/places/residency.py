"""进驻: an item is resident at a hall where an open window of it has the item in its package.

Nothing is kept: it is read from the packages, so that the flag and the window cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class ResidentHall:
    """A hall where an item is resident, with the numbers of its windows that take it in."""

    hall_id: int
    slug: str
    name: str
    area_code: str
    windows: tuple[str, ...]


_RESIDENCY = """
    SELECT p.code, h.id, h.slug, h.name, h.area_id, array_agg(w.number ORDER BY w.number)
    FROM people_window w
    JOIN people_hall h ON h.id = w.hall_id AND h.valid_until IS NULL
    CROSS JOIN LATERAL jsonb_array_elements_text(w.package) AS p (code)
    WHERE w.valid_until IS NULL
      AND (%(codes)s::text[] IS NULL OR p.code = ANY(%(codes)s))
      AND (%(hall)s::bigint IS NULL OR h.id = %(hall)s)
    GROUP BY p.code, h.id ORDER BY p.code, h.id
"""


def residency(
    codes: Collection[str] | None = None, *, hall_id: int | None = None
) -> dict[str, list[ResidentHall]]:
    """Item code → the halls where it is resident; of all items and halls, or some. One statement.

    An item that is resident nowhere is not in it.
    """
    found: dict[str, list[ResidentHall]] = {}
    with connection.cursor() as cursor:
        wanted = None if codes is None else sorted(codes)
        cursor.execute(_RESIDENCY, {"codes": wanted, "hall": hall_id})
        for code, pk, slug, name, area, windows in cursor.fetchall():
            found.setdefault(code, []).append(ResidentHall(pk, slug, name, area, tuple(windows)))
    return found
