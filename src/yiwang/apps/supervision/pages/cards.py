"""Cards: the list of an area or a unit, and one card with all it rests on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.cases.public import strip_of_case
from yiwang.apps.people.public import account_labels
from yiwang.apps.supervision import queries, wording
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState, Signal
from yiwang.apps.supervision.models import Card
from yiwang.apps.supervision.operations.acting import appeal_until, why_no_appeal
from yiwang.apps.supervision.pages.common import READERS, found_card, pager, tabs
from yiwang.apps.supervision.permissions import RESPOND
from yiwang.apps.supervision.queries import CardFilter, WholeCard
from yiwang.apps.supervision.seeing import may_decide, watches, why_not_decide
from yiwang.foundation.access import Actor
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.files.storing import read, safe_name
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.moment import civil_date

OVERDUE = "OVERDUE"
ACTS = {
    "supervision.issue": ("发出", "warning"),
    "supervision.explain": ("反馈原因", "info"),
    "supervision.appeal": ("申诉", "info"),
    "supervision.uphold": ("维持", "neutral"),
    "supervision.withdraw": ("撤销", "success"),
}


@require_GET
@staff_page(*READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """Newest first, narrowed by signal, state and unit; six statements with the session's."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    kept = {name: request.GET.get(name, "") for name in ("signal", "state", "organ")}
    organs = queries.organs_of(actor)
    names = queries.organ_names(organs)
    organ = kept["organ"]
    wanted = CardFilter(
        signal=kept["signal"],
        state=kept["state"],
        organ_id=int(organ) if organ.isdecimal() and len(organ) < 19 else None,
        is_overdue=kept["state"] == OVERDUE,
    )
    found = queries.cards(organs=organs, wanted=wanted, at=at, after=request.GET.get("after"))
    context = {
        "tabs": tabs(actor, "/cards/"),
        "signals": _links("信号", "signal", [(s.value, s.label) for s in Signal], kept),
        "states": _links("状态", "state", _state_choices(), kept),
        "units": names if len(names) > 1 else {},
        "organ": wanted.organ_id,
        "kept": {name: value for name, value in kept.items() if value and name != "organ"},
        "is_narrowed": any(kept.values()),
        "rows": [_row(card, at) for card in found.cards],
        "pager": pager(request, found.next_cursor, kept),
    }
    return render(request, "supervision/cards.html", context)


def last_day(due_at: datetime) -> date:
    """The day that ends with this instant: 24:00 of it is what the law means."""
    return civil_date(due_at - timedelta(seconds=1))


def _state_choices() -> list[tuple[str, str]]:
    return [*((s.value, s.label) for s in CardState), (OVERDUE, "裁定超期")]


def _links(
    label: str, name: str, choices: list[tuple[str, str]], kept: dict[str, str]
) -> dict[str, Any]:
    links = []
    for value, word in [("", f"全部{label}"), *choices]:
        query = {key: text for key, text in (kept | {name: value}).items() if text}
        links.append(
            {
                "label": word,
                "url": f"/cards/?{urlencode(query)}" if query else "/cards/",
                "current": kept[name] == value,
            }
        )
    return {"label": f"按{label}筛选", "links": links}


def _row(card: Card, at: datetime) -> dict[str, Any]:
    return {
        "card": card,
        "signal": wording.signal_tag(card.signal),
        "state": wording.state_tag(card.state),
        "is_withdrawn": card.state == CardState.WITHDRAWN.value,
        "is_overdue": card.decide_by is not None and card.decide_by <= at,
        "decide_on": last_day(card.decide_by) if card.decide_by else None,
    }


@require_GET
@staff_page(*READERS)
def card(request: HttpRequest, card_id: int) -> HttpResponse:
    """One card: what it says, on what it rests, what was said about it, what may be done now."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    whole = found_card(request, card_id)
    row = whole.card
    context = {
        **_row(row, at),
        "tabs": tabs(actor, ""),
        "rule": row.rule,
        "appeal": whole.appeal,
        "cause": AppealCause(whole.appeal.cause).label if whole.appeal else "",
        "withdrawn_cause": AppealCause(row.withdrawn_cause).label if row.withdrawn_cause else "",
        "evidence": wording.evidence_rows(row.evidence),
        "strip": strip_of_case(row.case_id, actor=actor, at=at),
        "buttons": _buttons(whole, actor, at),
        "appeal_on": last_day(appeal_until(row)),
        "entries": _entries(row),
    }
    return render(request, "supervision/card.html", context)


def _buttons(whole: WholeCard, actor: Actor, at: datetime) -> list[dict[str, str]]:
    """What this actor may do now; what is closed says why."""
    row, address = whole.card, f"/cards/{whole.card.pk}/"
    buttons = []
    if actor.may(RESPOND, organ_id=row.organ_id) and row.state != CardState.WITHDRAWN.value:
        word = "修改公开的原因" if row.late_reason else "反馈超期原因"
        buttons.append({"label": word, "url": f"{address}explain/", "kind": "primary"})
        why = why_no_appeal(row, at)
        buttons.append(
            {"label": "申诉", "kind": "secondary", "disabled_reason": why}
            if why
            else {"label": "申诉", "url": f"{address}appeal/", "kind": "secondary"}
        )
    if row.state == CardState.APPEALED.value and watches(actor, row.area_code):
        button = {"label": "裁定申诉", "kind": "primary"}
        if may_decide(actor, row):
            buttons.append(button | {"url": f"{address}decide/"})
        else:
            buttons.append(button | {"disabled_reason": why_not_decide(actor, row)})
    return buttons


def _entries(row: Card) -> list[dict[str, str]]:
    """The card's own record, oldest first; two statements."""
    found = list(RecordEntry.objects.filter(subject=row.subject).order_by("seq"))
    labels = account_labels({entry.actor for entry in found})
    return [
        {
            "title": ACTS.get(entry.operation, (entry.operation, "neutral"))[0],
            "tone": ACTS.get(entry.operation, ("", "neutral"))[1],
            "at": cn_datetime(entry.at),
            "who": labels.get(entry.actor, "系统自动"),
            "said": "",
        }
        for entry in found
    ]


@require_GET
@staff_page(*READERS)
def evidence(request: HttpRequest, card_id: int) -> HttpResponse:
    """The file handed in with an appeal, always as a download."""
    whole = found_card(request, card_id)
    key = whole.appeal.attachment_id if whole.appeal else None
    row = Attachment.objects.select_related("file").filter(pk=key).first() if key else None
    if row is None:
        raise Http404
    response = HttpResponse(read(row.file), content_type=row.file.media_type)
    name = quote(safe_name(row.name), safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
