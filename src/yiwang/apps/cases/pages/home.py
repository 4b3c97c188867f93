"""The home page: search, life events and business stages, one's own things with the next step."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.cases.pages.own import overview
from yiwang.apps.catalog.public import CurrentVersion, current_versions
from yiwang.foundation.shell.access import public_page
from yiwang.kernel.moment import civil_date

MOST_OWN = 3
OFTEN = ("开饭店", "二手房过户", "老年证")


@public_page
def home(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    versions = current_versions(today=civil_date(at))
    context: dict[str, Any] = {
        "search": {
            "url": "/items/",
            "label": "您想办什么事?",
            "examples": [{"label": word, "url": f"/items/?q={word}"} for word in OFTEN],
        },
        "people": _tiles("个人办事", versions, "NATURAL_PERSON"),
        "firms": _tiles("企业和单位办事", versions, "LEGAL_PERSON"),
        "mine": None,
    }
    if actor.party_id is not None:
        found = overview(actor=actor, at=at)
        context["mine"] = found
        # What waits for the person first; the newest of the rest.
        context["cases"] = sorted(found.cases, key=lambda row: not row.step.is_mine)[:MOST_OWN]
    return render(request, "cases/portal/home.html", context)


def _tiles(label: str, versions: list[CurrentVersion], audience: str) -> dict[str, Any]:
    """One tile a topic, with the items under it."""
    names: dict[str, list[str]] = {}
    for version in versions:
        if audience in version.definition.audiences:
            for topic in version.definition.topics:
                names.setdefault(topic, []).append(version.definition.name)
    links = [
        {
            "label": topic,
            "url": f"/items/?topic={topic}&for={audience}",
            "note": found[0] if len(found) == 1 else f"{len(found)} 个事项",
        }
        for topic, found in sorted(names.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]
    return {"label": label, "links": links}
