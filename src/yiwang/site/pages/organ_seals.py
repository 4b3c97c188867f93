"""The seals of one organ: proposed, confirmed or sent back, stopped, with their history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.people.pages.signing import redirect
from yiwang.apps.people.public import Organ
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.content import Seal
from yiwang.foundation.documents.kinds import SEALED_BY, SEALS, SealUse
from yiwang.foundation.documents.models import OrganSeal, SealProposal
from yiwang.foundation.documents.permissions import CONFIRM_SEAL, PROPOSE_SEAL
from yiwang.foundation.documents.registering import (
    Engraving,
    InvalidSealError,
    SealError,
    confirm_seal,
    drop_seal,
    problems_of,
    propose_seal,
    propose_stop,
)
from yiwang.foundation.ruling.terms import Terms
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import textarea
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import chinese_date, civil_date
from yiwang.site.pages.ruling_forms import errors_of, marked, terms_fields, terms_of, who
from yiwang.site.pages.seal_forms import seal_fields
from yiwang.site.pages.seals import ADDRESS, IN_USE, NONE, STOPPED, TONES, picture, state_of, use_of
from yiwang.site.pages.sent_back import sent_back

HISTORY = 50
LOOKS = frozenset({"use", "name", "caption", "filing_code"})


@staff_page(PROPOSE_SEAL, CONFIRM_SEAL)
@require_http_methods(["GET", "POST"])
def organ_seals(request: HttpRequest, organ_id: int) -> HttpResponse:
    """The seals of an organ; POST proposes to register one."""
    organ = _organ_or_404(organ_id)
    if request.method == "GET":
        return _page(request, organ)
    wanted = Engraving(
        **terms_of(request),
        use=use_of(request.POST.get("use", "")),
        name=request.POST.get("name", ""),
        caption=request.POST.get("caption", ""),
        filing_code=request.POST.get("filing_code", ""),
    )
    actor, at = who(request)
    if request.POST.get("act") == "preview":
        return _imprint(request, organ, wanted)
    if organ.valid_until is not None:
        return _page(request, organ, message="这个机关已经撤销,不能再登记印章。", status=409)
    try:
        propose_seal(organ_id=organ.pk, wanted=wanted, actor=actor, at=at)
    except InvalidSealError as error:
        return _page(request, organ, fields=error.fields, status=422)
    except SealError as error:
        return _page(request, organ, message=error.message, status=409)
    messages.success(request, "已提出。由另一个人确认后,从启用日期起印在文书上。")
    return redirect(f"{ADDRESS}organ/{organ.pk}/")


def _imprint(request: HttpRequest, organ: Organ, wanted: Engraving) -> HttpResponse:
    """What is typed, as it would be printed; nothing is kept."""
    actor, at = who(request)
    actor.require(PROPOSE_SEAL)
    found = problems_of(wanted, civil_date(at))
    if wrong := {name: text for name, text in found.items() if name in LOOKS}:
        return _page(request, organ, fields=wrong, status=422)
    return picture(Seal(wanted.name.strip(), wanted.middle, wanted.filing_code.strip()))


@staff_page(PROPOSE_SEAL)
@require_http_methods(["GET", "POST"])
def stop_seal(request: HttpRequest, seal_id: int) -> HttpResponse:
    """Propose the day from which a seal is no longer used."""
    seal = OrganSeal.objects.filter(pk=seal_id).first()
    if seal is None:
        raise Http404
    problems: Mapping[str, str] = {}
    message, status = "", 200
    if request.method == "POST":
        actor, at = who(request)
        try:
            propose_stop(seal_id=seal_id, terms=Terms(**terms_of(request)), actor=actor, at=at)
            messages.success(request, "已提出停用。由另一个人确认后,从停用日期起不再印在文书上。")
            return redirect(f"{ADDRESS}organ/{seal.organ_id}/")
        except InvalidSealError as error:
            problems, status = error.fields, 422
        except SealError as error:
            message, status = error.message, 409
    context = {
        "seal": seal,
        "use": SealUse(seal.use).label,
        "organ": _organ_or_404(seal.organ_id),
        "fields": marked(problems, terms_fields(request.POST, "从哪天起停用", "停用的理由")),
        "errors": errors_of(problems, message),
    }
    return render(request, "site/seal_stop.html", context, status=status)


@staff_page(CONFIRM_SEAL)
@require_POST
def settle_seal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Confirm what was proposed, or send it back with a reason."""
    row = SealProposal.objects.filter(pk=proposal_id).first()
    if row is None:
        raise Http404
    organ, (actor, at) = _organ_or_404(row.organ_id), who(request)
    try:
        if request.POST.get("act") == "drop":
            why = request.POST.get("why", "")
            drop_seal(proposal_id=proposal_id, reason=why, actor=actor, at=at)
            messages.success(request, "已退回,印章不变。")
        else:
            confirm_seal(proposal_id=proposal_id, actor=actor, at=at)
            messages.success(request, "已确认。")
    except InvalidSealError as error:
        why_of = {f"why_{proposal_id}": error.fields["reason"]}
        return _page(request, organ, fields=why_of, status=422)
    except SealError as error:
        return _page(request, organ, message=error.message, status=409)
    return redirect(f"{ADDRESS}organ/{organ.pk}/")


def _organ_or_404(organ_id: int) -> Organ:
    organ = Organ.objects.filter(pk=organ_id).first()
    if organ is None:
        raise Http404
    return organ


def _page(
    request: HttpRequest,
    organ: Organ,
    *,
    fields: Mapping[str, str] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, at = who(request)
    today, problems = civil_date(at), fields or {}
    waiting = SealProposal.objects.filter(organ_id=organ.pk, settled_at__isnull=True)
    rows = list(OrganSeal.objects.filter(organ_id=organ.pk).order_by("-id")[:HISTORY])
    cards = [_card(row, today) for row in rows]
    open_cards = [card for card in cards if card["is_open"]]
    is_missing = not any(card["state"]["label"] == IN_USE for card in cards)
    context = {
        "organ": organ,
        "cards": open_cards,
        "missing": {"label": NONE, "tone": TONES[NONE]} if is_missing else None,
        "waiting": [_waiting(row, actor, request.POST, problems) for row in waiting.order_by("id")],
        "may_propose": actor.may(PROPOSE_SEAL) and organ.valid_until is None,
        "fields": marked(problems, seal_fields(request.POST, organ)),
        "errors": errors_of(problems, message),
        "history": _history(rows, today),
        "sent_back": sent_back(SealProposal.objects.filter(organ_id=organ.pk), _wish),
        "sealed_by": SEALED_BY,
        "kinds": _kinds(),
    }
    return render(request, "site/organ_seals.html", context, status=status)


def _card(row: OrganSeal, today: date) -> dict[str, Any]:
    state = state_of(row, today)
    return {
        "row": row,
        "use": SealUse(row.use).label,
        "state": {"label": state, "tone": TONES[state]},
        "is_open": state != STOPPED,
        "image": f"{ADDRESS}{row.pk}/image.png",
        "stop": f"{ADDRESS}{row.pk}/stop/" if row.stopped_on is None else "",
    }


def _waiting(
    row: SealProposal, actor: Actor, typed: Mapping[str, str], problems: Mapping[str, str]
) -> dict[str, Any]:
    key = f"why_{row.pk}"
    kept = typed if key in problems else {}
    return {
        "why": textarea("why", "退回的理由", kept, rows=2, maxlength=300, id=key)
        | {"error": problems.get(key, "")},
        "row": row,
        "use": SealUse(row.use).label,
        "what": "停用" if row.seal_id else "登记",
        "since": "停用日期" if row.seal_id else "启用日期",
        "image": f"{ADDRESS}proposal/{row.pk}/image.png",
        "url": f"{ADDRESS}proposal/{row.pk}/",
        "may_settle": actor.may(CONFIRM_SEAL) and row.proposed_by != actor.ref,
    }


def _wish(row: SealProposal) -> str:
    what = "停用" if row.seal_id else "登记"
    return f"{what}{SealUse(row.use).label} {row.filing_code},{chinese_date(row.valid_from)} 起"


def _kinds() -> list[tuple[str, str]]:
    """Which documents bear which seal, the preferred one first: of the table in `kinds`."""
    found: dict[str, list[str]] = {}
    for kind, uses in SEALS.items():
        if uses:
            order = "、".join(use.label for use in uses)
            found.setdefault(order, []).append(kind.label)
    return [(order, "、".join(dict.fromkeys(labels))) for order, labels in found.items()]


def _history(rows: list[OrganSeal], today: date) -> dict[str, Any]:
    return {
        "caption": "历次登记和停用",
        "columns": [{"label": c} for c in ("印章", "期间", "依据", "提出和确认")],
        "rows": [
            {
                "cells": [
                    {
                        "text": f"{SealUse(row.use).label} {row.filing_code}".strip(),
                        "note": f"{row.name}({state_of(row, today)})",
                    },
                    {"text": f"{cn_date(row.valid_from)} 起", "note": _until(row)},
                    {"text": f"{row.source} {row.article}".strip(), "note": row.reason},
                    {"text": _people(row), "note": cn_datetime(row.confirmed_at)},
                ]
            }
            for row in rows
        ],
        "empty": {"title": "没有登记过", "text": "登记并由另一个人确认后,列在这里。"},
    }


def _until(row: OrganSeal) -> str:
    if row.stopped_on is None:
        return ""
    return f"{chinese_date(row.stopped_on)} 停用:{row.stop_reason}"


def _people(row: OrganSeal) -> str:
    text = f"{row.proposed_by_label}提出,{row.confirmed_by_label}确认"
    if row.stopped_on is None:
        return text
    stopped = f"停用由{row.stop_proposed_by_label}提出,{row.stop_confirmed_by_label}确认"
    return f"{text};{stopped}"
