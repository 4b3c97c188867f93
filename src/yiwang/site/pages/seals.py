"""The register of seals: which organ has which, what changes when, and how each looks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.catalog.models import ServiceItem
from yiwang.apps.people.public import Organ
from yiwang.foundation.documents.content import Seal
from yiwang.foundation.documents.in_force import (
    Registered,
    derived_seal,
    sealed_organs,
    seals_of,
)
from yiwang.foundation.documents.issuing import house_fonts
from yiwang.foundation.documents.kinds import DocumentKind, SealUse
from yiwang.foundation.documents.models import OrganSeal, SealProposal
from yiwang.foundation.documents.permissions import CONFIRM_SEAL, PROPOSE_SEAL
from yiwang.foundation.documents.previewing import seal_image
from yiwang.foundation.environment import environment
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.moment import chinese_date, civil_date

ADDRESS = "/admin/seals/"
SIZE = 60
SHOWN = {"": "全部机关", "none": "未登记印章", "waiting": "等待确认"}
IN_USE, COMING, STOPPED, NONE = "在用", "将启用", "已停用", "未登记印章"
TONES = {IN_USE: "success", COMING: "info", STOPPED: "neutral", NONE: "warning"}


def state_of(seal: Registered | OrganSeal, today: date) -> str:
    """在用, 将启用 or 已停用; a seal that was stopped before it began is 已停用."""
    end = seal.stopped_on
    if end is not None and (end <= today or end <= seal.valid_from):
        return STOPPED
    return IN_USE if seal.valid_from <= today else COMING


def state_of_all(seals: Iterable[Registered], today: date) -> str:
    """The best of an organ's seals; 未登记 where none is or was."""
    found = {state_of(seal, today) for seal in seals}
    return next((state for state in (IN_USE, COMING, STOPPED) if state in found), NONE)


@staff_page(PROPOSE_SEAL, CONFIRM_SEAL)
@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """Open organs with their seals, sixty a page; or those that issue papers and have none."""
    today = civil_date(request.at)  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()[:60]
    shown = request.GET.get("shown", "")
    after = request.GET.get("after", "")
    waiting = set(_waiting().values_list("organ_id", flat=True))
    rows = _organs(shown if shown in SHOWN else "", text, waiting, today)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=after)
    found = list(rows[: SIZE + 1])
    following = found[SIZE - 1].pk if len(found) > SIZE else ""
    kept = {"shown": shown, "q": text, "after": following}
    query = urlencode({name: value for name, value in kept.items() if value})
    context = {
        "filters": {
            "links": [
                {
                    "label": label,
                    "url": f"{ADDRESS}?shown={code}" if code else ADDRESS,
                    "current": code == shown,
                }
                for code, label in SHOWN.items()
            ],
            "search": {"url": ADDRESS, "label": "机关名称", "value": text},
            "clear_url": ADDRESS if text else "",
        },
        "table": {
            "caption": "机关印章",
            "caption_hidden": True,
            "columns": [{"label": c} for c in ("机关", "印章", "状态", "变更")],
            "rows": [_row(organ, organ.pk in waiting, today) for organ in found[:SIZE]],
            "empty": _empty(shown, text),
            "pager": {
                "next_url": f"{ADDRESS}?{query}" if following else "",
                "previous_url": ADDRESS,
            }
            if following or after
            else None,
        },
    }
    return render(request, "site/seals.html", context)


def _waiting() -> QuerySet[SealProposal]:
    return SealProposal.objects.filter(settled_at__isnull=True)


def _organs(shown: str, text: str, waiting: set[int], today: date) -> QuerySet[Organ]:
    rows = Organ.objects.filter(valid_until__isnull=True).order_by("pk")
    if text:
        rows = rows.filter(name__icontains=text)
    if shown == "waiting":
        return rows.filter(pk__in=waiting)
    if shown == "none":
        issues = Exists(ServiceItem.objects.filter(organ_id=OuterRef("pk")))
        return rows.filter(issues).exclude(pk__in=sealed_organs(today))
    return rows


def _row(organ: Organ, is_waiting: bool, today: date) -> dict[str, Any]:
    held = seals_of(organ.pk)
    lines = [_line(seal, today) for seal in held if state_of(seal, today) != STOPPED]
    state = state_of_all(held, today)
    return {
        "url": f"{ADDRESS}organ/{organ.pk}/",
        "cells": [
            {"text": organ.name},
            {"text": ";".join(lines) or "—"},
            {"tag": {"label": state, "tone": TONES[state]}},
            "等待确认" if is_waiting else "—",
        ],
    }


def _line(seal: Registered, today: date) -> str:
    code = f" {seal.code}" if seal.code else ""
    since = f"({chinese_date(seal.valid_from)}起)" if seal.valid_from > today else ""
    until = f"(用到 {chinese_date(seal.stopped_on)}前)" if seal.stopped_on else ""
    return f"{seal.use.label}{code}{since}{until}"


def _empty(shown: str, text: str) -> dict[str, str]:
    if text:
        return {"title": "没有符合的机关", "text": "换名称的一部分试试。"}
    if shown == "none":
        return {"title": "没有缺印章的机关", "text": "办理事项的机关都登记了在用的印章。"}
    if shown == "waiting":
        return {"title": "没有等待确认的变更", "text": "提出登记或停用后,在这里等另一个人确认。"}
    return {"title": "还没有机关", "text": "先在「机构与窗口」登记机构。"}


@staff_page(PROPOSE_SEAL, CONFIRM_SEAL)
@require_safe
def image_of_seal(request: HttpRequest, seal_id: int) -> HttpResponse:
    """A registered seal as printed, PNG."""
    return _image(OrganSeal.objects.filter(pk=seal_id).first())


@staff_page(PROPOSE_SEAL, CONFIRM_SEAL)
@require_safe
def image_of_proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """A proposed seal as it would be printed, PNG."""
    return _image(SealProposal.objects.filter(pk=proposal_id).first())


def _image(row: OrganSeal | SealProposal | None) -> HttpResponse:
    if row is None:
        raise Http404
    return picture(Seal(row.name, row.caption, row.filing_code))


@staff_page(PROPOSE_SEAL, CONFIRM_SEAL)
@require_safe
def image_of_organ(request: HttpRequest, organ_id: int) -> HttpResponse:
    """What the decisions of an organ bear while it has no seal registered, PNG."""
    organ = Organ.objects.filter(pk=organ_id).first()
    if organ is None:
        raise Http404
    return picture(derived_seal(organ.name, DocumentKind.GRANT_DECISION.seals))


def picture(seal: Seal) -> HttpResponse:
    """The PNG of a seal."""
    image = seal_image(seal, house_fonts(), is_demo=environment().is_demo)
    response = HttpResponse(image, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def use_of(code: str) -> SealUse | None:
    """The use that was chosen; None for none or an unknown one."""
    return SealUse(code) if code in {use.value for use in SealUse} else None
