"""统计: gross and net of a period, each rate with what it is made of; on screen and on paper."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.apps.supervision import queries
from yiwang.apps.supervision.domain.vocabulary import Signal
from yiwang.apps.supervision.figures import Figures, UnitFigures, figures
from yiwang.apps.supervision.pages.common import READERS, errors_of, tabs
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.dates import cn_date
from yiwang.kernel.moment import civil_date

LONGEST = timedelta(days=800)
ADDRESS = "/cards/figures/"


@require_GET
@staff_page(*READERS)
def screen(request: HttpRequest) -> HttpResponse:
    """A period chosen by its two days and, if wished, one unit."""
    context = _context(request)
    return render(request, "supervision/figures.html", context, status=context["status"])


@require_GET
@staff_page(*READERS)
def paper(request: HttpRequest) -> HttpResponse:
    """The same to be printed."""
    context = _context(request) | {
        "print_title": "电子监察统计",
        "printed_at": request.at,  # type: ignore[attr-defined]
    }
    return render(request, "supervision/figures_print.html", context, status=context["status"])


def _context(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    today = civil_date(at)
    first, problem_first = _day(request.GET.get("first", ""), today.replace(day=1))
    last, problem_last = _day(request.GET.get("last", ""), today)
    if not problem_first and not problem_last and not timedelta(0) <= last - first <= LONGEST:
        problem_last = f"截止日期要在起始日期之后,最长 {LONGEST.days} 天。"
    fields = [
        _field("first", "从", first, problem_first),
        _field("last", "到(含)", last, problem_last),
    ]
    organs = queries.organs_of(actor)
    names = queries.organ_names(organs)
    chosen = request.GET.get("organ", "")
    organ = int(chosen) if chosen.isdecimal() and len(chosen) < 19 else None
    context: dict[str, Any] = {
        "tabs": tabs(actor, ADDRESS),
        "fields": fields,
        "errors": errors_of(fields),
        "units": names if len(names) > 1 else {},
        "organ": organ,
        "organ_name": names.get(organ, "") if organ is not None else "",
        "status": 422 if errors_of(fields) else 200,
    }
    if not context["errors"]:
        wanted = [pk for pk in organs if organ is None or pk == organ]
        found = figures(organs=wanted, first=first, last=last, at=at)
        context |= _tables(found) | {
            "period": f"{cn_date(first)} 至 {cn_date(last)}",
            "query": urlencode({"first": first, "last": last, "organ": chosen}),
        }
    return context


def _day(text: str, default: date) -> tuple[date, str]:
    if not text:
        return default, ""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return default, "请写成 2026-11-21 这样的日期。"
    if not 2000 <= found.year <= 2100:
        return default, "请选择 2000 年至 2100 年之间的日期。"
    return found, ""


def _field(name: str, label: str, value: date, error: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "kind": "native_date",
        "value": value.isoformat(),
        "error": error,
        "width": "w-12",
    }


def _tables(found: Figures) -> dict[str, Any]:
    causes = [
        {"label": cause.label, "numbers": [numbers.get(s, 0) for s in Signal]}
        for cause, numbers in found.causes.items()
    ]
    return {
        "total": found.total,
        "red": found.total.count(Signal.RED),
        "red_net": found.total.rate(Signal.RED),
        "red_gross": found.total.rate(Signal.RED, is_net=False),
        "warning_rate": found.total.rate(Signal.WARNING, is_net=False),
        "signals": [signal.label for signal in Signal],
        "rows": [_row(unit) for unit in found.units],
        "total_row": _row(found.total),
        "months": [_row(month) for month in found.months],
        "causes": causes,
        "withdrawn": sum(sum(numbers.values()) for numbers in found.causes.values()),
    }


def _row(unit: UnitFigures) -> dict[str, Any]:
    return {
        "label": unit.label,
        "organ_id": unit.organ_id,
        "supervised": unit.supervised,
        "counts": [unit.count(signal) for signal in Signal],
        "red_net": unit.rate(Signal.RED),
        "red_gross": unit.rate(Signal.RED, is_net=False),
    }
