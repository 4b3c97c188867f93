"""Many areas at once, from a table: read and checked whole, then written whole or not at all.

The statistics bureau's list is a table of codes and names; typing it again would be typing it
wrong. What is registered already with the same name is left as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from yiwang.apps.people.administration import AdministrationError, reason_given, refuse
from yiwang.apps.people.domain.places import DIGITS, PlaceKind, check_parts, level_of, parent_of
from yiwang.apps.people.models import Area
from yiwang.apps.people.permissions import MANAGE_ACCOUNTS
from yiwang.apps.people.places.acting import subject_of
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append_all
from yiwang.kernel.identifiers import region

MOST, LARGEST = 5_000, 1_000_000  # rows, characters
HEADS = {"code": ("区划代码", "代码"), "name": ("名称", "区划名称"), "is_zone": ("园区",)}


@dataclass
class AreaTable:
    """What a table says: `new` areas in an order that puts those above first; rows that are there
    already; and problems as (line of the table, what to do)."""

    new: list[Area] = field(default_factory=list)
    known: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """The text of a table saved as UTF-8 or, as spreadsheets here do, as GB 18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AdministrationError(
        "文件的编码看不懂,请另存为 CSV UTF-8 再上传。",
        {"file": "文件的编码看不懂,请另存为 CSV UTF-8 再上传。"},
    )


def read_areas(text: str) -> AreaTable:
    """Check a table against itself and what is registered; nothing is written. One statement."""
    found = AreaTable()
    rows = _rows(text, found)
    if found.problems:
        return found
    known = {row.code: row for row in Area.objects.all()}
    is_first = not known
    for line, typed in sorted(rows, key=lambda row: (_depth(row[1]["code"]), row[0])):
        _take(line, typed, known, found, is_first=is_first and not found.new)
    found.problems.sort()
    return found


def _rows(text: str, found: AreaTable) -> list[tuple[int, dict[str, str]]]:
    if len(text) > LARGEST:
        found.problems.append((0, "表格太大,请分几次导入。"))
        return []
    lines = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    heads = [cell.strip() for cell in next(lines, [])]
    places = {
        name: next((heads.index(word) for word in words if word in heads), None)
        for name, words in HEADS.items()
    }
    if places["code"] is None or places["name"] is None:
        found.problems.append((1, "第一行要有「区划代码」和「名称」两列的标题。"))
        return []
    rows = [
        (lines.line_num, _typed(cells, places))
        for cells in lines
        if any(cell.strip() for cell in cells)
    ]
    if not rows or len(rows) > MOST:
        found.problems.append((0, f"表格里要有 1 到 {MOST} 行,现在是 {len(rows)} 行。"))
    return rows


def _typed(cells: list[str], places: Mapping[str, int | None]) -> dict[str, str]:
    typed = {
        name: cells[place].strip() if place is not None and place < len(cells) else ""
        for name, place in places.items()
    }
    if typed["code"].isdecimal() and len(typed["code"]) in (6, 9):
        typed["code"] = typed["code"].ljust(DIGITS, "0")
    return typed


def _depth(code: str) -> int:
    """Provinces first. A code that is wrong comes last and is named."""
    checked = region.check(code)
    return 9 if checked.errors else int(region.parse(code).level)


def _take(
    line: int, typed: dict[str, str], known: dict[str, Area], found: AreaTable, *, is_first: bool
) -> None:
    if problems := check_parts(PlaceKind.AREA, typed, is_new=True):
        found.problems.append((line, next(iter(problems.values()))))
        return
    code, name = typed["code"], typed["name"]
    there = known.get(code)
    if there is not None:
        if there.name == name and there.valid_until is None:
            found.known += 1
        else:
            word = "已撤销" if there.valid_until else f"登记的名称是「{there.name}」"
            found.problems.append((line, f"{code} {word},与表格不同;请先在区域页处理。"))
        return
    above = parent_of(code, {c for c, row in known.items() if row.valid_until is None})
    if above is None and not is_first:
        found.problems.append((line, f"{code} 没有找到上级区域,请把上级也放进表格。"))
        return
    row = Area(
        code=code,
        name=name,
        level=level_of(code).value,
        parent=known.get(above) if above else None,
        is_zone=typed["is_zone"] in ("是", "1", "Y", "y"),
    )
    known[code] = row
    found.new.append(row)


@transaction.atomic
def import_areas(*, text: str, reason: str, actor: Actor, at: datetime) -> int:
    """Write every new area of a table with one record entry each; returns how many.

    Raises AdministrationError with the first problem, AccessDeniedError.
    """
    actor.require(MANAGE_ACCOUNTS)
    problems: dict[str, str] = {}
    said = reason_given(reason, problems)
    refuse(problems)
    table = read_areas(text)
    if table.problems:
        line, what = table.problems[0]
        message = f"表格有 {len(table.problems)} 处要改,先看第 {line} 行:{what}"
        raise AdministrationError(message, {"text": message})
    if not table.new:
        raise AdministrationError("表格里的区域都已经登记过,没有要导入的。")
    Area.objects.bulk_create(table.new)
    facts = {
        subject_of(PlaceKind.AREA, row.code): {
            "code": row.code,
            "name": row.name,
            "level": row.level,
            "parent": row.parent_id,
            "is_zone": row.is_zone,
            "reason": said,
        }
        for row in table.new
    }
    append_all(operation="people.add_area", actor=actor.ref, at=at, facts=facts)
    return len(table.new)
