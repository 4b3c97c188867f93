"""The tabs above the lists of places."""

from __future__ import annotations

from typing import Any

from yiwang.apps.people.domain.places import PlaceKind

SLUGS = {
    "areas": PlaceKind.AREA,
    "organs": PlaceKind.ORGAN,
    "halls": PlaceKind.HALL,
    "windows": PlaceKind.WINDOW,
}
PATHS = {kind: f"/admin/{slug}/" for slug, kind in SLUGS.items()}


def place_tabs(current: PlaceKind | None) -> dict[str, Any]:
    """`current` None is the list of items by where they are resident."""
    links = [
        {"label": one.label, "url": PATHS[one], "current": one is current} for one in PlaceKind
    ]
    residents = {"label": "事项进驻", "url": "/admin/residents/", "current": current is None}
    return {"label": "区域、机构、大厅和窗口", "links": [*links, residents]}
