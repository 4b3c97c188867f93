"""What the pages share: tabs, forms with their errors, the way on after an act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse

from yiwang.apps.supervision import queries
from yiwang.apps.supervision.errors import CardNotFoundError
from yiwang.apps.supervision.permissions import KEEP_RULES, RESPOND, WATCH
from yiwang.apps.supervision.queries import WholeCard
from yiwang.foundation.access import Actor

READERS = (WATCH, RESPOND)
RULE_READERS = (WATCH, RESPOND, KEEP_RULES)
LATE_LIST = "/supervision/"


def tabs(actor: Actor, current: str) -> dict[str, Any]:
    """The rooms of supervision this actor may enter; the list of late cases is the cases' own."""
    held = {code for posting in actor.postings for code in posting.permissions}
    links = [
        ("监察卡", "/cards/", {WATCH.code, RESPOND.code}),
        ("超期办件", LATE_LIST, {"cases.supervise"}),
        ("统计", "/cards/figures/", {WATCH.code, RESPOND.code}),
        ("规则", "/cards/rules/", {p.code for p in RULE_READERS}),
        ("每日提醒", "/cards/digests/", {WATCH.code, RESPOND.code}),
    ]
    return {
        "label": "电子监察",
        "links": [
            {"label": label, "url": url, "current": url == current}
            for label, url, codes in links
            if codes & held
        ],
    }


def found_card(request: HttpRequest, card_id: int) -> WholeCard:
    """Raises Http404 for a card that is not there or not for this actor."""
    try:
        return queries.whole_card(card_id, actor=request.actor)  # type: ignore[attr-defined]
    except CardNotFoundError as error:
        raise Http404 from error


def errors_of(fields: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """The error summary's links."""
    return [
        {"text": field["error"], "url": f"#id_{field['name']}"}
        for field in fields
        if field.get("error")
    ]


def see_other(address: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response.headers["Location"] = address
    return response


def pager(request: HttpRequest, cursor: str | None, kept: dict[str, str]) -> dict[str, str]:
    """Forward by key; back is the first page."""
    query = {name: value for name, value in kept.items() if value}
    first = f"{request.path}?{urlencode(query)}" if request.GET.get("after") else ""
    following = f"?{urlencode({**query, 'after': cursor})}" if cursor else ""
    return {"first_url": first, "next_url": following}
