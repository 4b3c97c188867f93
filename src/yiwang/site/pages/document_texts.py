"""The words of documents that a city chooses: by kind, with what follows and who ruled it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.catalog.models import ServiceItem
from yiwang.apps.people.public import Organ
from yiwang.foundation.documents.in_force import (
    HeldText,
    held_text,
    rulings_of,
    seal_for,
    texts_for,
)
from yiwang.foundation.documents.issuing import house_fonts
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.models import TemplateProposal
from yiwang.foundation.documents.permissions import CONFIRM_TEXT, PROPOSE_TEXT
from yiwang.foundation.documents.previewing import SAMPLE_ORGAN, sample_document
from yiwang.foundation.documents.render import render as render_document
from yiwang.foundation.documents.texts import SLOTS, Slot, slots_of
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import chinese_date, civil_date

ADDRESS = "/admin/templates/"
FIXED = "文号、受文人、依据、理由、事实、清单、救济途径、印章和日期由法律规定,不在模板里。"
NOT_PRINTED = "(没有,不印)"


@staff_page(PROPOSE_TEXT, CONFIRM_TEXT)
@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of document with words to choose: how many are the city's own."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    open_rows = TemplateProposal.objects.filter(settled_at__isnull=True)
    waiting = {code.partition(".")[0] for code in open_rows.values_list("code", flat=True)}
    rows = [
        _kind_row(kind, today, is_waiting=kind.value in waiting)
        for kind in DocumentKind
        if slots_of(kind)
    ]
    table = {
        "caption": "文书模板",
        "caption_hidden": True,
        "columns": [{"label": c} for c in ("文书", "现在的开头", "本市文字", "变更")],
        "rows": rows,
    }
    return render(request, "site/document_texts.html", {"table": table, "fixed": FIXED})


def _kind_row(kind: DocumentKind, today: date, *, is_waiting: bool) -> dict[str, Any]:
    slots = slots_of(kind)
    held = [held_text(slot, organ_id=None, on=today) for slot in slots]
    opening = next((one.text for one in held if one.slot.part == "OPENING"), "随程序或事项而定")
    ruled = [one.slot.part.label for one in held if one.number is not None]
    own = {row.organ_id for slot in slots for row in rulings_of(slot.code)} - {None}
    return {
        "url": f"{ADDRESS}{kind.value}/",
        "cells": [
            {"text": kind.label, "note": kind.rule.basis},
            opening,
            {
                "text": "、".join(ruled) or "平台默认文字",
                "note": f"{len(own)} 个机关另有规定" if own else "",
            },
            "等待确认" if is_waiting else "—",
        ],
    }


def kind_or_404(code: str) -> DocumentKind:
    """A kind with words to choose."""
    if code not in {kind.value for kind in DocumentKind} or not slots_of(DocumentKind(code)):
        raise Http404
    return DocumentKind(code)


def slot_or_404(kind: str, part: str) -> Slot:
    found = SLOTS.get(f"{kind}.{part}")
    if found is None:
        raise Http404
    return found


def asked_organ(request: HttpRequest) -> Organ | None:
    """The organ whose words are looked at; None for all organs. Raises Http404."""
    given = (request.POST.get("organ") or request.GET.get("organ") or "").strip()
    if not given:
        return None
    key = int(given) if given.isdecimal() and len(given) < 19 else 0
    organ = Organ.objects.filter(pk=key, valid_until__isnull=True).first()
    if organ is None:
        raise Http404
    return organ


def query_of(organ: Organ | None) -> str:
    return f"?organ={organ.pk}" if organ is not None else ""


@staff_page(PROPOSE_TEXT, CONFIRM_TEXT)
@require_safe
def one_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Every text of a kind, for all organs or for one."""
    found, organ = kind_or_404(kind), asked_organ(request)
    today = civil_date(request.at)  # type: ignore[attr-defined]
    codes = [slot.code for slot in slots_of(found)]
    open_rows = TemplateProposal.objects.filter(settled_at__isnull=True, code__in=codes)
    organ_id = organ.pk if organ is not None else None
    waiting = {
        code for code, owner in open_rows.values_list("code", "organ_id") if owner == organ_id
    }
    context = {
        "kind": found,
        "organ": organ,
        "query": query_of(organ),
        "fixed": FIXED,
        "organs": _organ_options(organ),
        "others": _others(codes),
        "table": {
            "caption": "文字",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("哪一段", "现在", "依据", "将要改为")],
            "rows": [
                _slot_row(slot, organ, today, is_waiting=slot.code in waiting)
                for slot in slots_of(found)
            ],
        },
    }
    return render(request, "site/document_kind.html", context)


def _slot_row(slot: Slot, organ: Organ | None, today: date, *, is_waiting: bool) -> dict[str, Any]:
    organ_id = organ.pk if organ is not None else None
    held = held_text(slot, organ_id=organ_id, on=today)
    return {
        "url": f"{ADDRESS}{slot.kind.value}/{slot.part.value}/{query_of(organ)}",
        "cells": [
            {"text": slot.part.label, "note": "有调整等待确认" if is_waiting else ""},
            held.text or NOT_PRINTED,
            {"text": held.source, "note": owner_words(held)},
            coming_words(slot, organ_id, today),
        ],
    }


def owner_words(held: HeldText) -> str:
    """From which day, and whether it is the organ's own."""
    if held.valid_from is None:
        return ""
    whose = "本机关文字" if held.organ_id is not None else "本市文字"
    return f"{whose},{chinese_date(held.valid_from)} 起"


def coming_words(slot: Slot, organ_id: int | None, today: date) -> str:
    """What follows next, and from which day; a dash where nothing does."""
    owners = {organ_id, None}
    days = [
        row.valid_from
        for row in rulings_of(slot.code)
        if row.organ_id in owners and row.valid_from > today
    ]
    if not days:
        return "—"
    text = held_text(slot, organ_id=organ_id, on=min(days)).text
    return f"{chinese_date(min(days))}起:{text or NOT_PRINTED}"


def _organ_options(chosen: Organ | None) -> list[dict[str, Any]]:
    """The organs that issue papers; a city has some hundred."""
    ids = ServiceItem.objects.values("organ_id")
    rows = Organ.objects.filter(valid_until__isnull=True, pk__in=ids).order_by("name")
    return [
        {"value": "", "label": "全部机关", "selected": chosen is None},
        *(
            {"value": pk, "label": name, "selected": chosen is not None and pk == chosen.pk}
            for pk, name in rows.values_list("pk", "name")
        ),
    ]


def _others(codes: list[str]) -> list[tuple[int, str]]:
    """The organs with words of their own for this kind."""
    owners = (row.organ_id for code in codes for row in rulings_of(code))
    ids = {organ_id for organ_id in owners if organ_id is not None}
    return list(Organ.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "name")[:50])


@staff_page(PROPOSE_TEXT, CONFIRM_TEXT)
@require_safe
def preview_of_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """A sample document with the proposed text in its place, PDF."""
    row = TemplateProposal.objects.filter(pk=proposal_id).first()
    if row is None or row.code not in SLOTS:
        raise Http404
    slot = SLOTS[row.code]
    organ = Organ.objects.filter(pk=row.organ_id).first() if row.organ_id is not None else None
    text = None if row.is_restored else row.text
    return preview(slot, text, organ=organ, on=row.valid_from)


@staff_page(PROPOSE_TEXT, CONFIRM_TEXT)
@require_safe
def preview_of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """A sample document as of today, PDF."""
    found, organ = kind_or_404(kind), asked_organ(request)
    on = civil_date(request.at)  # type: ignore[attr-defined]
    return preview(slots_of(found)[0], "", organ=organ, on=on, is_changed=False)


def preview(
    slot: Slot, text: str | None, *, organ: Organ | None, on: date, is_changed: bool = True
) -> HttpResponse:
    """The PDF of a sample; `text` None: as before any ruling."""
    organ_id, name = (organ.pk, organ.name) if organ is not None else (None, SAMPLE_ORGAN)
    texts = texts_for(slot.kind, organ_id=organ_id, on=on)
    if is_changed:
        if text is None:
            city = held_text(slot, organ_id=None, on=on)
            text = city.text if organ_id is not None else slot.default
        texts[slot.part] = HeldText(slot, text, "")
    seal = seal_for(slot.kind, organ_id=organ_id or 0, organ_name=name, on=on)
    document = sample_document(slot.kind, texts, organ=name, seal=seal, on=on)
    response = HttpResponse(
        render_document(document, house_fonts()).pdf, content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = 'inline; filename="sample.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
