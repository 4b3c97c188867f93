"""办件档案: the list, one package, taking it, making one, handing a year over."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.archives import queries
from yiwang.apps.archives.errors import (
    ArchiveError,
    InvalidActError,
    PackageNotFoundError,
)
from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.operations import handing_over, making, taking
from yiwang.apps.archives.permissions import KEEP
from yiwang.apps.cases.public import case_by_number
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line
from yiwang.foundation.shell.sending import send

LIST = "/archives/"


@require_GET
@staff_page(KEEP)
def listing(request: HttpRequest) -> HttpResponse:
    """All packages of my organs, or those still here, newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    only_here = request.GET.get("here") == "1"
    year = request.GET.get("year", "")
    chosen = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    after = request.GET.get("after") or None
    found = queries.packages(actor=actor, only_here=only_here, year=chosen, after=after)
    rest = "here=1&" if only_here else ""
    rest += f"year={chosen}&" if chosen else ""
    context = {
        "rows": found.packages,
        "tabs": {
            "label": "办件档案",
            "links": [
                {"label": "全部", "url": LIST, "current": not only_here},
                {"label": "待移交", "url": f"{LIST}?here=1", "current": only_here},
            ],
        },
        "waiting": queries.waiting_years(actor=actor),
        "year": chosen,
        "pager": {
            "first_url": f"{LIST}?{rest}".rstrip("?&") if after else "",
            "next_url": f"?{rest}after={found.next_cursor}" if found.next_cursor else "",
        },
    }
    return render(request, "archives/list.html", context)


def _found(request: HttpRequest, package_id: int) -> ArchivePackage:
    try:
        return queries.package(package_id, actor=request.actor)  # type: ignore[attr-defined]
    except PackageNotFoundError as error:
        raise Http404 from error


@require_GET
@staff_page(KEEP)
def one(request: HttpRequest, package_id: int) -> HttpResponse:
    """One package: its catalogue, and whether the case went on after it."""
    row = _found(request, package_id)
    return render(request, "archives/one.html", {"row": row, "lines": row.contents})


@require_GET
@staff_page(KEEP)
def take(request: HttpRequest, package_id: int) -> HttpResponse:
    """The package itself; that it was taken is told to whom it is about."""
    row = _found(request, package_id)
    taking.take(package=row, actor=request.actor, at=request.at)  # type: ignore[attr-defined]
    return send(row.file, f"{row.number}.zip")


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def make(request: HttpRequest) -> HttpResponse:
    """Make a package now: by the number of an ended case."""
    page = ActForm(
        title="制作归档信息包",
        button="制作",
        done="已归档。",
        back=LIST,
        note="办结的办件到时会自动归档。办结后又有变化的,在这里补做下一卷。",
        invalid=(InvalidActError,),
        refused=(ArchiveError,),
        fields=lambda typed: [line("number", "办件编号", typed, width="w-20")],
    )
    return page.answer(request, lambda at: _make(request, at))


def _make(request: HttpRequest, at: Any) -> ArchivePackage:
    facts = case_by_number(request.POST.get("number", ""))
    try:
        case_id = facts.case_id if facts else 0
        return making.make(case_id=case_id, actor=request.actor, at=at)  # type: ignore[attr-defined]
    except PackageNotFoundError as error:
        wish = "没有找到这个办件。请核对编号;别的单位的办件不能在这里归档。"
        raise InvalidActError({"number": wish}) from error


@require_http_methods(["GET", "POST"])
@staff_page(KEEP)
def hand_over(request: HttpRequest, organ_id: int, year: int) -> HttpResponse:
    """移交 a year's packages of one organ."""
    actor = request.actor  # type: ignore[attr-defined]
    names = {(o, y): name for o, name, y in queries.waiting_years(actor=actor)}
    name = names.get((organ_id, year), "")
    page = ActForm(
        title="移交档案",
        button="移交",
        done="已登记移交。",
        back=LIST,
        about=[("单位", name), ("年度", f"{year} 年")] if name else [],
        note=f"一次最多移交 {handing_over.MOST} 卷,最早的在前;移交后不能改。",
        confirm="移交后不能改,确定这一年度的档案已经交接清楚吗?",
        closed="" if name else "这个年度没有等待移交的档案。",
        invalid=(InvalidActError,),
        refused=(ArchiveError,),
        fields=lambda typed: [
            line("to", "接收单位", typed, width="w-full", hint="例如:椰城市档案馆"),
            line("handover", "移交清册或交接文据的编号", typed, width="w-20"),
        ],
    )
    return page.answer(
        request,
        lambda at: handing_over.hand_over(
            organ_id=organ_id,
            year=year,
            to=request.POST.get("to", ""),
            handover=request.POST.get("handover", ""),
            actor=actor,
            at=at,
        ),
    )
