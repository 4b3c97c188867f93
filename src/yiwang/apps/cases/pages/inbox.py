"""消息: everything that was told to a person and to those they represent, and reading it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.cases.pages.own import parties_of
from yiwang.apps.cases.pages.replies import see_other
from yiwang.foundation.messaging.reading import inbox, mark_read
from yiwang.foundation.shell.access import citizen_page

ADDRESS = "/my/messages/"
SIZE = 20
LONGEST_KEY = 18


@require_safe
@citizen_page
def messages_page(request: HttpRequest) -> HttpResponse:
    """Newest first. Looking at the list marks nothing: a page that was only fetched is not read."""
    before = _key(request.GET.get("before", ""))
    found = inbox(parties_of(request.actor))  # type: ignore[attr-defined]
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: SIZE + 1])
    next_url = f"{ADDRESS}?before={rows[SIZE - 1].pk}" if len(rows) > SIZE else ""
    pager = {"previous_url": ADDRESS if before else "", "next_url": next_url}
    context = {
        "told": rows[:SIZE],
        "has_unread": any(row.read_at is None for row in rows[:SIZE]),
        "pager": pager if before or next_url else None,
    }
    return render(request, "cases/portal/messages.html", context)


@require_POST
@citizen_page
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark one message as read and go where it leads."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    parties = parties_of(actor)
    message = inbox(parties).filter(pk=message_id).first()
    if message is None:
        raise Http404
    mark_read(parties, at=at, only=message_id)
    return see_other(message.link or ADDRESS)


@require_POST
@citizen_page
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark as read everything up to the newest message that was on the page."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    up_to = _key(request.POST.get("up_to", ""))
    if up_to is not None:
        mark_read(parties_of(actor), at=at, up_to=up_to)
    return see_other(ADDRESS)


def _key(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY else None
