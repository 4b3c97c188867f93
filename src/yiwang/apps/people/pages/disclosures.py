"""谁看过我的信息: every look at a person's full data, told to the person."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.people.overview import Look, looks_at
from yiwang.foundation.shell.access import citizen_page
from yiwang.foundation.shell.dates import cn_datetime

LIST = "/my/disclosures/"


@citizen_page
@require_safe
def disclosures(request: HttpRequest) -> HttpResponse:
    """One's own and those of the organisations one represents, newest first."""
    after = request.GET.get("after") or None
    looks, following = looks_at(
        request.actor.party_id,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        after=after,
    )
    next_url = f"{LIST}?{urlencode({'after': following})}" if following else ""
    context = {
        "entries": [_entry(look) for look in looks],
        "pager": {"next_url": next_url, "previous_url": LIST} if next_url or after else None,
    }
    return render(request, "people/disclosures.html", context)


def _entry(look: Look) -> dict[str, object]:
    row = look.row
    kind, _, number = row.subject.partition(":")
    whose = "" if look.whose == "本人" else f"({look.whose})"
    return {
        "title": f"查看了{row.what}{whose}",
        "said": f"理由:{row.reason}",
        "at": cn_datetime(row.at),
        "who": row.actor_label,
        "documents": [{"label": "相关办件", "url": f"/my/cases/{number}/"}]
        if kind == "case"
        else [],
    }
