"""The guide in English: what a reader needs to prepare, where to go, how long it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.catalog.domain.definition import Definition, LimitFigure
from yiwang.apps.catalog.domain.vocabulary import Mark
from yiwang.apps.catalog.public import current_version, current_versions
from yiwang.foundation.shell.access import public_page
from yiwang.kernel.clock import StartEvent, Unit
from yiwang.kernel.moment import civil_date

UNITS = {
    Unit.WORKING_DAY: ("working day", "working days"),
    Unit.NATURAL_DAY: ("calendar day", "calendar days"),
    Unit.WORKING_HOUR: ("working hour", "working hours"),
    Unit.HOUR: ("hour", "hours"),
    Unit.MINUTE: ("minute", "minutes"),
    Unit.MONTH: ("month", "months"),
}
STARTS = {
    StartEvent.RECEIVED: "from receipt of the application",
    StartEvent.ALL_DOCUMENTS_RECEIVED: "from receipt of all valid documents",
    StartEvent.ACCEPTED: "from acceptance of the application",
    StartEvent.ACCEPTANCE_PERIOD_ENDED: "from the end of the application period",
    StartEvent.STEP_OPENED: "from the beginning of the step",
    StartEvent.DECIDED: "from the decision",
    StartEvent.NOTIFIED: "from the notice",
}
# An estimate or a remembered rule is never told as a fact, in no language.
MARKS = {
    Mark.READ: "text of the law",
    Mark.DEFAULT: "general rule of the Administrative Licensing Law",
    Mark.SECONDARY: "public web page",
    Mark.REMEMBERED: "not yet verified",
    Mark.ESTIMATED: "demonstration figure",
}
HOURS = (
    ("周一至周五", "Monday to Friday"),
    ("、", ", "),
    ("—", "–"),
    ("(法定节假日除外)", " (except public holidays)"),
)
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class EnglishLimit:
    """A limit in words, and how well it is known; `origin` is Chinese."""

    name: str
    text: str
    mark: str
    origin: str


@dataclass(frozen=True, slots=True)
class EnglishPlace:
    """Name and address stay Chinese: they are what is written on the door."""

    name: str
    address: str
    hours: str
    chinese_hours: str


def limits_of(definition: Definition) -> list[EnglishLimit]:
    limits = definition.limits
    named = (
        ("Promised time", limits.promised),
        ("Time limit in law", limits.statutory),
        ("Delivery of the result", limits.delivery),
    )
    return [_limit(name, figure) for name, figure in named if figure is not None]


def _limit(name: str, figure: LimitFigure) -> EnglishLimit:
    limit = figure.to_limit()
    one, many = UNITS[limit.unit]
    text = f"{limit.number} {one if limit.number == 1 else many}" if limit.number else "same day"
    origin = figure.article or figure.source
    return EnglishLimit(name, f"{text}, {STARTS[limit.start]}", MARKS[figure.mark], origin)


def places_of(definition: Definition) -> list[EnglishPlace]:
    return [EnglishPlace(p.name, p.address, *_hours(p.hours)) for p in definition.places]


def _hours(text: str) -> tuple[str, str]:
    """(English, ""), or ("", the Chinese words) where they say more than the usual hours."""
    told = text
    for chinese, english in HOURS:
        told = told.replace(chinese, english)
    return ("", text) if CHINESE.search(told) else (told, "")


@public_page
def english_guide(request: HttpRequest, code: str) -> HttpResponse:
    version = current_version(code, today=civil_date(request.at))  # type: ignore[attr-defined]
    if version is None or version.definition.english is None:
        raise Http404
    item = version.definition
    assert item.english is not None
    context = {
        "version": version,
        "item": item,
        "english": item.english,
        "materials": [(m.name, item.english.materials[m.code]) for m in item.materials],
        "limits": limits_of(item),
        "places": places_of(item),
        "system": "" if item.handling.is_own else item.handling.name,
    }
    return render(request, "catalog/portal/english_guide.html", context)


@public_page
def english_list(request: HttpRequest) -> HttpResponse:
    found = current_versions(today=civil_date(request.at))  # type: ignore[attr-defined]
    rows = [version for version in found if version.definition.english is not None]
    rows.sort(key=lambda version: version.definition.english.name)  # type: ignore[union-attr]
    return render(request, "catalog/portal/english_list.html", {"rows": rows})
