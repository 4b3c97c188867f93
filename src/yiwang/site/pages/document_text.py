"""One text of a kind of document: now and as proposed, side by side, with its history."""

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
from yiwang.foundation.documents.in_force import held_text
from yiwang.foundation.documents.models import TemplateProposal, TemplateText
from yiwang.foundation.documents.permissions import CONFIRM_TEXT, PROPOSE_TEXT
from yiwang.foundation.documents.rewording import (
    InvalidTextError,
    TextError,
    Wording,
    confirm_text,
    drop_text,
    propose_text,
)
from yiwang.foundation.documents.texts import LONGEST, PLACEHOLDERS, Part, Slot, problem_of_text
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import line, radios, textarea
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.moment import chinese_date, civil_date
from yiwang.site.pages.document_texts import (
    ADDRESS,
    FIXED,
    NOT_PRINTED,
    asked_organ,
    coming_words,
    owner_words,
    preview,
    query_of,
    slot_or_404,
)
from yiwang.site.pages.ruling_forms import errors_of, marked, terms_fields, terms_of, who
from yiwang.site.pages.sent_back import sent_back

HISTORY = 50


@staff_page(PROPOSE_TEXT, CONFIRM_TEXT)
@require_http_methods(["GET", "POST"])
def one_text(request: HttpRequest, kind: str, part: str) -> HttpResponse:
    """One text with its history; POST proposes how it reads, or shows a sample of it."""
    slot, organ = slot_or_404(kind, part), asked_organ(request)
    if request.method == "GET":
        return _page(request, slot, organ)
    wanted = _wanted(request)
    if request.POST.get("act") == "preview":
        return _sample(request, slot, organ, wanted)
    actor, at = who(request)
    organ_id = organ.pk if organ is not None else None
    try:
        propose_text(code=slot.code, organ_id=organ_id, wanted=wanted, actor=actor, at=at)
    except InvalidTextError as error:
        return _page(request, slot, organ, fields=error.fields, status=422)
    except TextError as error:
        return _page(request, slot, organ, message=error.message, status=409)
    messages.success(request, "已提出。由另一个人确认后,从生效日期起用在文书上。")
    return redirect(_address(slot, organ))


def _sample(request: HttpRequest, slot: Slot, organ: Organ | None, wanted: Wording) -> HttpResponse:
    """What is typed, in a sample document; nothing is kept."""
    actor, at = who(request)
    actor.require(PROPOSE_TEXT)
    text = None if wanted.is_restored else wanted.lines
    if text is not None and (problem := problem_of_text(slot, text)):
        return _page(request, slot, organ, fields={"text": problem}, status=422)
    return preview(slot, text, organ=organ, on=wanted.valid_from or civil_date(at))


def _wanted(request: HttpRequest) -> Wording:
    return Wording(
        **terms_of(request),
        text=request.POST.get("text", ""),
        is_restored=request.POST.get("how") == "restore",
    )


@staff_page(CONFIRM_TEXT)
@require_POST
def settle_text(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Confirm what was proposed, or send it back with a reason."""
    row = TemplateProposal.objects.filter(pk=proposal_id).first()
    if row is None:
        raise Http404
    slot = slot_or_404(*row.code.split("."))
    organ = Organ.objects.filter(pk=row.organ_id).first() if row.organ_id is not None else None
    actor, at = who(request)
    try:
        if request.POST.get("act") == "drop":
            why = request.POST.get("why", "")
            drop_text(proposal_id=proposal_id, reason=why, actor=actor, at=at)
            messages.success(request, "已退回,文字不变。")
        else:
            confirm_text(proposal_id=proposal_id, actor=actor, at=at)
            messages.success(request, "已确认,从生效日期起用在文书上。")
    except InvalidTextError as error:
        return _page(request, slot, organ, fields={"why": error.fields["reason"]}, status=422)
    except TextError as error:
        return _page(request, slot, organ, message=error.message, status=409)
    return redirect(_address(slot, organ))


def _address(slot: Slot, organ: Organ | None) -> str:
    return f"{ADDRESS}{slot.kind.value}/{slot.part.value}/{query_of(organ)}"


def _page(
    request: HttpRequest,
    slot: Slot,
    organ: Organ | None,
    *,
    fields: Mapping[str, str] | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    actor, at = who(request)
    today, problems = civil_date(at), fields or {}
    organ_id = organ.pk if organ is not None else None
    held = held_text(slot, organ_id=organ_id, on=today)
    waiting = TemplateProposal.objects.filter(
        code=slot.code, organ_id=organ_id, settled_at__isnull=True
    ).first()
    context = {
        "slot": slot,
        "organ": organ,
        "query": query_of(organ),
        "address": _address(slot, organ),
        "fixed": FIXED,
        "now": held.text or NOT_PRINTED,
        "source": held.source,
        "owner": owner_words(held),
        "coming": coming_words(slot, organ_id, today),
        "placeholders": _placeholders(slot),
        "waiting": waiting,
        "wanted": _wanted_words(waiting, slot, organ_id, today) if waiting else "",
        "may_confirm": waiting is not None
        and actor.may(CONFIRM_TEXT)
        and waiting.proposed_by != actor.ref,
        "may_propose": waiting is None and actor.may(PROPOSE_TEXT),
        "fields": _fields(request.POST, problems, slot, organ, held.text),
        "why": textarea("why", "退回的理由", request.POST, rows=2, maxlength=300)
        | {"error": problems.get("why", "")},
        "errors": errors_of(problems, message),
        "history": _history(slot, organ_id),
        "sent_back": sent_back(
            TemplateProposal.objects.filter(code=slot.code, organ_id=organ_id), _wish
        ),
    }
    return render(request, "site/document_text.html", context, status=status)


def _wanted_words(row: TemplateProposal, slot: Slot, organ_id: int | None, today: date) -> str:
    if not row.is_restored:
        return row.text or NOT_PRINTED
    if organ_id is None:
        return slot.default or NOT_PRINTED
    return held_text(slot, organ_id=None, on=max(row.valid_from, today)).text or NOT_PRINTED


def _wish(row: TemplateProposal) -> str:
    text = "恢复原来的文字" if row.is_restored else row.text or NOT_PRINTED
    return f"{chinese_date(row.valid_from)} 起:{text}"


def _placeholders(slot: Slot) -> list[tuple[str, str, str]]:
    """(as typed, meaning, whether it must be there)."""
    return [
        (
            f"{{{name}}}",
            PLACEHOLDERS[name].meaning,
            "必须有" if name in slot.required else "可以有",
        )
        for name in slot.allowed
    ]


def _fields(
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    slot: Slot,
    organ: Organ | None,
    now: str,
) -> list[dict[str, Any]]:
    before = "与全市一致" if organ is not None else "恢复平台默认文字"
    how = (("text", "改为下面的文字", ""), ("restore", before, "下面的文字不用填"))
    if slot.part is Part.TITLE:
        text = line("text", slot.part.label, typed, value=now, maxlength=40)
    else:
        hint = "每行一段;没有内容的不印。" if slot.part is not Part.OPENING else ""
        text = textarea(
            "text", slot.part.label, typed, value=now, rows=5, maxlength=LONGEST, hint=hint
        )
    fields = [
        radios("how", "怎样改", typed, how, value="text"),
        text,
        *terms_fields(typed),
    ]
    return marked(problems, fields)


def _history(slot: Slot, organ_id: int | None) -> dict[str, Any]:
    rows = TemplateText.objects.filter(code=slot.code, organ_id=organ_id).order_by("-id")[:HISTORY]
    return {
        "caption": "历次调整",
        "columns": [{"label": c} for c in ("生效日期", "文字", "依据", "提出和确认")],
        "rows": [
            {
                "cells": [
                    {"text": cn_date(row.valid_from), "note": f"第 {row.pk} 号"},
                    "恢复原来的文字" if row.is_restored else row.text or NOT_PRINTED,
                    {"text": f"{row.source} {row.article}".strip(), "note": row.reason},
                    {
                        "text": f"{row.proposed_by_label}提出,{row.confirmed_by_label}确认",
                        "note": cn_datetime(row.confirmed_at),
                    },
                ]
            }
            for row in rows
        ],
        "empty": {"title": "没有调整过", "text": "现在用的是平台默认文字或全市统一的文字。"},
    }
