"""Reads of places for their pages: lists by key, one place with its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from yiwang.apps.people.domain.places import PlaceKind, missing_levels
from yiwang.apps.people.domain.vocabulary import AreaLevel
from yiwang.apps.people.models import Area
from yiwang.apps.people.places.acting import MODELS, subject_of
from yiwang.foundation.record.models import RecordEntry

SIZE, HISTORY = 60, 20
_RELATED = {
    PlaceKind.AREA: ("parent",),
    PlaceKind.ORGAN: ("area",),
    PlaceKind.HALL: ("area",),
    PlaceKind.WINDOW: ("hall",),
}
_SEARCHED = {
    PlaceKind.AREA: ("name", "code"),
    PlaceKind.ORGAN: ("name", "short_name", "slug", "uscc", "document_word"),
    PlaceKind.HALL: ("name", "slug", "address"),
    PlaceKind.WINDOW: ("name", "number", "hall__name"),
}


def _rows(kind: PlaceKind) -> QuerySet[Any]:
    rows: QuerySet[Any] = MODELS[kind].objects.all()  # type: ignore[attr-defined]
    return rows.select_related(*_RELATED[kind]).order_by("pk")


def places_page(
    kind: PlaceKind, *, text: str = "", under: str = "", is_closed: bool = False, after: str = ""
) -> tuple[list[Any], str]:
    """Places of a kind by key, sixty a page, and the key to go on after ("" at the end); one
    statement. Areas come level by level: those right under `under`, unless `text` searches all."""
    rows = _rows(kind).filter(valid_until__isnull=not is_closed)
    if text:
        wanted = Q()
        for column in _SEARCHED[kind]:
            wanted |= Q(**{f"{column}__icontains": text})
        rows = rows.filter(wanted)
    elif kind is PlaceKind.AREA and not is_closed:
        rows = rows.filter(parent_id=under or None)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=after)
    found = list(rows[: SIZE + 1])
    return found[:SIZE], str(found[SIZE - 1].pk) if len(found) > SIZE else ""


def path_to(code: str) -> list[Area]:
    """The areas above this one and itself, from the top: at most five levels, one statement."""
    found = Area.objects.select_related("parent__parent__parent__parent").filter(pk=code).first()
    path: list[Area] = []
    while found is not None and len(path) < len(AreaLevel):
        path.insert(0, found)
        found = found.parent
    return path


def left_out(area: Area) -> str:
    """「无镇街一级」 where levels are missing between the area and the one above it."""
    above = AreaLevel(area.parent.level) if area.parent is not None else None
    names = "、".join(level.label for level in missing_levels(AreaLevel(area.level), above))
    return f"上面没有{names}一级" if names else ""


@dataclass(frozen=True, slots=True)
class Place:
    """One place, its last entries (newest first) and the seq of the last one."""

    kind: PlaceKind
    row: Model
    history: list[RecordEntry]

    @property
    def seen(self) -> int:
        return self.history[0].seq if self.history else 0

    @property
    def is_open(self) -> bool:
        return self.row.valid_until is None  # type: ignore[attr-defined]


def place_of(kind: PlaceKind, key: int | str) -> Place | None:
    """Two statements."""
    row = _rows(kind).filter(pk=key).first()
    if row is None:
        return None
    entries = RecordEntry.objects.filter(subject=subject_of(kind, key)).order_by("-seq")
    return Place(kind, row, list(entries[:HISTORY]))


def last_package_change(window_id: int) -> RecordEntry | None:
    """The last entry that changed what a window takes in. One statement."""
    entries = RecordEntry.objects.filter(
        subject=subject_of(PlaceKind.WINDOW, window_id), operation="people.set_package"
    )
    return entries.order_by("-seq").first()
