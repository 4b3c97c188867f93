"""The quality list (质量清单): which guides in force need work, and why."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.domain.quality_rules import TOLD, QualityRule
from yiwang.apps.catalog.pages.editing import catalog_page
from yiwang.apps.catalog.quality import (
    ItemQuality,
    QualityList,
    QualityPage,
    Wanted,
    page_of,
    quality_list,
)
from yiwang.foundation.shell.spreadsheet import csv_file
from yiwang.kernel.moment import civil_date

LIST, NOTES = "/catalog/quality/", "/guide-notes/"
COLUMNS = (
    "事项",
    "标识",
    "实施主体",
    "版本",
    "发现",
    "哪里",
    "怎么样",
    "怎么办",
    "出处",
    "可信程度",
)
FEW = 3  # places of one rule that a row shows before the reader opens the others


@dataclass(frozen=True, slots=True)
class Group:
    """What one rule found in one item. `few` and `more` are its places in words."""

    label: str
    number: int
    few: list[str]
    more: list[str]
    advice: str
    url: str = ""


@catalog_page
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """Every item in force with what could be better, the worst first; or all of it as a file."""
    wanted = _wanted(request)
    today = civil_date(request.at)  # type: ignore[attr-defined]
    found = quality_list(wanted, today=today)
    if request.GET.get("format") == "csv":
        rows = (cells for row in found.rows for cells in _cells(row))
        return csv_file("指南质量清单.csv", COLUMNS, rows)
    page = page_of(found.rows, request.GET.get("after", "")[:80])
    may_edit = request.actor.may(permissions.EDIT)  # type: ignore[attr-defined]
    context = {
        "found": found,
        "rows": [{"row": row, "groups": groups_of(row, may_edit=may_edit)} for row in page.rows],
        "filters": _filters(found, wanted),
        "pager": _pager(page, len(found.rows), wanted),
        "wanted": wanted,
        "export_url": _url(wanted, format="csv"),
        "list_url": LIST,
        "rules": [(rule.label, TOLD[rule]) for rule in QualityRule],
    }
    return render(request, "catalog/staff/quality.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    rule = request.GET.get("rule", "")
    text = request.GET.get("q", "").strip()[:60]
    return Wanted(text, QualityRule(rule) if rule in {r.value for r in QualityRule} else None)


def _url(wanted: Wanted, **changes: str) -> str:
    """The list as asked for, with some of it changed ("" takes a part away)."""
    values = {"q": wanted.text, "rule": wanted.rule.value if wanted.rule else "", **changes}
    query = urlencode({key: value for key, value in values.items() if value})
    return f"{LIST}?{query}" if query else LIST


def _filters(found: QualityList, wanted: Wanted) -> dict[str, Any]:
    """A link for each rule that found something, with the number of its items."""
    links = [{"label": "全部", "url": _url(wanted, rule=""), "count": found.flawed,
              "current": wanted.rule is None}]  # fmt: skip
    links += [
        {
            "label": rule.label,
            "url": _url(wanted, rule=rule.value),
            "count": found.with_rule[rule],
            "current": rule is wanted.rule,
        }
        for rule in QualityRule
        if found.with_rule[rule] or rule is wanted.rule
    ]
    return {
        "label": "按发现的问题",
        "links": links,
        "search": {"url": LIST, "label": "事项名称、标识或单位", "value": wanted.text},
        "clear_url": LIST if wanted.text else "",
    }


def _pager(page: QualityPage, total: int, wanted: Wanted) -> dict[str, str] | None:
    if page.next is None and page.previous is None:
        return None
    return {
        "next_url": "" if page.next is None else _url(wanted, after=page.next),
        "previous_url": "" if page.previous is None else _url(wanted, after=page.previous),
        "note": f"第 {page.first}–{page.first + len(page.rows) - 1} 项,共 {total} 项",
    }


def groups_of(row: ItemQuality, *, may_edit: bool) -> list[Group]:
    """The findings of an item by rule, in the rules' order."""
    order = list(QualityRule)
    placed = sorted(row.placed, key=lambda pair: order.index(pair[0].rule))
    groups = []
    for rule, pairs in groupby(placed, key=lambda pair: pair[0].rule):
        places = [f"{place}({one.detail})" if one.detail else place for one, place in pairs]
        # Corrections of guides are the editors' page; a publisher alone may not open it.
        url = NOTES if rule is QualityRule.OPEN_NOTES and may_edit else ""
        few, more = places[:FEW], places[FEW:]
        groups.append(Group(rule.label, len(places), few, more, TOLD[rule].advice, url))
    return groups


def _cells(row: ItemQuality) -> list[list[str]]:
    """One line of the file for each finding."""
    version = row.version
    head = [
        version.definition.name,
        version.definition.code,
        version.organ_name,
        f"第 {version.number} 版",
    ]
    return [
        [*head, one.rule.label, place, one.detail, one.advice,
         TOLD[one.rule].source, TOLD[one.rule].mark.label]
        for one, place in row.placed
    ]  # fmt: skip
