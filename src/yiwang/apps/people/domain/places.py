"""What a place must be before it is written down: areas, organs, halls, windows. Pure."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import dataclass

from yiwang.apps.people.domain.hall_hours import HoursError, normal_hours
from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind
from yiwang.kernel.identifiers import region, uscc
from yiwang.kernel.labelled import LabelledEnum

DIGITS = 12
_LEVELS = dict(zip(region.RegionLevel, AreaLevel, strict=True))


class PlaceKind(LabelledEnum):
    AREA = "AREA", "区域"
    ORGAN = "ORGAN", "机构"
    HALL = "HALL", "大厅"
    WINDOW = "WINDOW", "窗口"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing written about a place. A fixed part stays as it was added: it stands in codes and
    document numbers already given out."""

    name: str
    label: str
    longest: int
    is_fixed: bool = False
    is_optional: bool = False
    hint: str = ""


PARTS: dict[PlaceKind, tuple[Part, ...]] = {
    PlaceKind.AREA: (
        Part("code", "区划代码", DIGITS, is_fixed=True, hint="十二位,例如 990102001000。"),
        Part("name", "名称", 80),
    ),
    PlaceKind.ORGAN: (
        Part("slug", "标识", 60, is_fixed=True, hint="小写字母、数字和连字符,事项目录用它指机构。"),
        Part("name", "名称", 120),
        Part("short_name", "简称", 40),
        Part("kind", "性质", 20, is_fixed=True),
        Part("uscc", "统一社会信用代码", 18, is_fixed=True),
        Part("area", "所在区域代码", DIGITS, is_fixed=True, hint="十二位区划代码。"),
        Part("document_word", "文号代字", 20, is_fixed=True, hint="文号开头的字,每个机构不同。"),
        Part("address", "地址", 200, is_optional=True),
        Part("phone", "电话", 40, is_optional=True),
    ),
    PlaceKind.HALL: (
        Part("slug", "标识", 60, is_fixed=True, hint="小写字母、数字和连字符。"),
        Part("name", "名称", 120),
        Part("area", "所在区域代码", DIGITS, is_fixed=True, hint="十二位区划代码。"),
        Part("address", "地址", 200),
        Part(
            "hours",
            "开放时间",
            200,
            hint="例如:周一至周五 09:00—12:00、14:00—17:30(法定节假日除外)。",
        ),
    ),
    PlaceKind.WINDOW: (
        Part("hall", "大厅标识", 60, is_fixed=True),
        Part("number", "窗口号", 20, is_fixed=True),
        Part("name", "名称", 80),
    ),
}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"[\u4e00-\u9fff]{1,20}")


def check_parts(kind: PlaceKind, typed: Mapping[str, str], *, is_new: bool) -> dict[str, str]:
    """What is wrong with what was typed, by part; {} where nothing is. What needs the other places
    (a parent, a word that is taken) is asked elsewhere."""
    problems: dict[str, str] = {}
    kept = as_kept(kind, typed)
    for part in PARTS[kind]:
        if part.is_fixed and not is_new:
            continue
        text = kept[part.name]
        if not text and not part.is_optional:
            problems[part.name] = f"请填写{part.label}。"
        elif len(text) > part.longest:
            problems[part.name] = f"{part.label}最多 {part.longest} 个字。"
        elif text and (wrong := _wrong(kind, part.name, text)):
            problems[part.name] = wrong
    return problems


def as_kept(kind: PlaceKind, typed: Mapping[str, str]) -> dict[str, str]:
    """Every part as it is kept: without blanks around it, a hall's hours in their normal form
    where they can be read."""
    kept = {part.name: typed.get(part.name, "").strip() for part in PARTS[kind]}
    if kind is PlaceKind.HALL:
        with suppress(HoursError):
            kept["hours"] = normal_hours(kept["hours"])
    return kept


def _wrong(kind: PlaceKind, name: str, text: str) -> str:
    """What is wrong with one part, "" where nothing is."""
    if name in ("code", "area"):
        return _wrong_code(text)
    if name == "uscc":
        return next((f.message for f in uscc.check(text).errors), "")
    if name == "kind":
        return "" if text in OrganKind.__members__ else "请选择性质。"
    if name == "slug":
        return (
            "" if _SLUG.fullmatch(text) else "标识只用小写字母、数字和连字符,例如 taolin-market。"
        )
    if name == "document_word":
        return "" if _WORD.fullmatch(text) else "文号代字只用汉字,例如 椰桃审。"
    return _wrong_hours(text) if kind is PlaceKind.HALL and name == "hours" else ""


def _wrong_code(text: str) -> str:
    checked = region.check(text)
    if checked.errors:
        return checked.errors[0].message
    return "" if len(text) == DIGITS else "请写满十二位,不足的在后面补 0。"


def level_of(code: str) -> AreaLevel:
    """Raises MalformedError."""
    return _LEVELS[region.parse(code).level]


def parent_of(code: str, known: Container[str]) -> str | None:
    """The nearest area above among the known twelve-digit codes. Levels may be missing."""
    above = (one.ljust(DIGITS, "0") for one in region.possible_ancestors(code))
    return next((one for one in above if one in known), None)


def missing_levels(level: AreaLevel, parent: AreaLevel | None) -> tuple[AreaLevel, ...]:
    """The levels left out between an area and the one above it: 云泽区 has no townships."""
    levels = list(AreaLevel)
    first = levels.index(parent) + 1 if parent is not None else levels.index(level)
    return tuple(levels[first : levels.index(level)])


def _wrong_hours(text: str) -> str:
    try:
        normal_hours(text)
    except HoursError as error:
        return str(error)
    return ""
