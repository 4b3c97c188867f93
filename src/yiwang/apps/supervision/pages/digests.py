"""每日提醒: what was told to this official each working day, and that it was seen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.supervision.operations.reminding import recipient_of
from yiwang.apps.supervision.pages.common import READERS, see_other, tabs
from yiwang.foundation.messaging.reading import inbox, mark_read
from yiwang.foundation.shell.access import staff_page

ADDRESS = "/cards/digests/"
SHOWN = 20


@require_http_methods(["GET", "POST"])
@staff_page(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first. Looking marks nothing; 已看 is the official's own word (R246)."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    mine = [recipient_of(actor.account_id)]
    key = request.POST.get("message", "")
    if request.method == "POST":
        if key.isdecimal() and len(key) < 19:
            mark_read(mine, at=at, only=int(key))
        return see_other(ADDRESS)
    context = {"tabs": tabs(actor, ADDRESS), "told": list(inbox(mine)[:SHOWN])}
    return render(request, "supervision/digests.html", context)
