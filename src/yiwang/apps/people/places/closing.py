"""What still hangs on a place and keeps it from being closed.

People knows posts and places; what else hangs on one (open cases, published items) is registered
from above (site/wiring).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yiwang.apps.people.domain.places import PlaceKind
from yiwang.apps.people.models import Area, Hall, Organ, PostHolding, Window

MOST = 20


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that must be settled first, or (`blocks` false) that ends with the place; `url`
    where it is found, or ""."""

    what: str
    url: str = ""
    blocks: bool = True


Source = Callable[[PlaceKind, int | str, date], list[Blocker]]
_sources: list[Source] = []


def blockers_from(source: Source) -> None:
    """Register who else may keep a place open; each answers at most `MOST` rows."""
    if source not in _sources:
        _sources.append(source)


def blockers_of(kind: PlaceKind, key: int | str, *, today: date) -> list[Blocker]:
    """What hangs on the place; it may be closed where none of it blocks."""
    own = {
        PlaceKind.AREA: _of_area,
        PlaceKind.ORGAN: lambda key, today: _posts(Q(post__organ_id=key), today),
        PlaceKind.HALL: _of_hall,
        PlaceKind.WINDOW: lambda key, today: _posts(Q(post__window_id=key), today),
    }[kind](key, today)
    return [*own, *(row for source in _sources for row in source(kind, key, today))]


def _of_area(key: int | str, today: date) -> list[Blocker]:
    areas = Area.objects.filter(parent__pk=key, valid_until__isnull=True).order_by("code")[:MOST]
    organs = Organ.objects.filter(area_id=key, valid_until__isnull=True).order_by("id")[:MOST]
    halls = Hall.objects.filter(area_id=key, valid_until__isnull=True).order_by("id")[:MOST]
    return [
        *(Blocker(f"下级区域 {row.name}", f"/admin/areas/{row.pk}/") for row in areas),
        *(Blocker(f"机构 {row.name}", f"/admin/organs/{row.pk}/") for row in organs),
        *(Blocker(f"大厅 {row.name}", f"/admin/halls/{row.pk}/") for row in halls),
        *_posts(Q(post__area_id=key), today),
    ]


def _of_hall(key: int | str, today: date) -> list[Blocker]:
    rows = Window.objects.filter(hall_id=key, valid_until__isnull=True).order_by("id")[:MOST]
    return [Blocker(f"窗口 {row}", f"/admin/windows/{row.pk}/") for row in rows]


def _posts(wanted: Q, today: date) -> list[Blocker]:
    """Posts that somebody holds now or will hold."""
    rows = PostHolding.objects.filter(
        wanted, Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    ).select_related("post__organ", "account")
    return [
        Blocker(
            f"岗位 {row.post.organ.short_name} {row.post.name}:{row.account.label} 在岗",
            f"/admin/posts/{row.post_id}/",
        )
        for row in rows.order_by("post_id", "id")[:MOST]
    ]
