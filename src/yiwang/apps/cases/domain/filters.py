"""What a work list can be narrowed by: declared names and values, and nothing else.

A combination is kept and linked as its canonical query (`due=LATE&item=elder-card`); reading one
back drops what is not declared, so a link from elsewhere never carries anything into a statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode


class WorkList(StrEnum):
    """The lists by job; the value is also the last part of the list's address."""

    ACCEPT = "accept"
    REVIEW = "review"
    DELIVER = "deliver"
    CASES = "cases"

    @property
    def label(self) -> str:
        return {
            "accept": "待受理",
            "review": "审查",
            "deliver": "发证送达",
            "cases": "本单位办件",
        }[self]


class Due(StrEnum):
    """Where a clock stands today."""

    TODAY = "TODAY"
    SOON = "SOON"
    LATE = "LATE"
    PAUSED = "PAUSED"

    @property
    def label(self) -> str:
        return {
            "TODAY": "今天到期",
            "SOON": "两个工作日内",
            "LATE": "超期",
            "PAUSED": "停止计时中",
        }[self]


class ApplicantKind(StrEnum):
    PERSON = "PERSON"
    ORGANISATION = "ORGANISATION"

    @property
    def label(self) -> str:
        return {"PERSON": "个人", "ORGANISATION": "单位"}[self]


_COMMON = ("item", "channel", "green", "due", "applicant")
NAMES: Mapping[WorkList, tuple[str, ...]] = {
    WorkList.ACCEPT: _COMMON,
    WorkList.REVIEW: ("job", *_COMMON),
    WorkList.DELIVER: _COMMON,
    WorkList.CASES: ("state", *_COMMON, "first", "last"),
}
DATES = ("first", "last")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Chosen:
    """A combination of filters of one list. `problems`: name → what to do about a bad value."""

    work_list: WorkList
    values: Mapping[str, str]
    problems: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def on(self, name: str) -> date | None:
        return date.fromisoformat(self.values[name]) if self.values.get(name) else None

    @property
    def query(self) -> str:
        """Canonical: by name, so that one combination has one address."""
        return urlencode(sorted(self.values.items()))


def chosen(
    work_list: WorkList, asked: Mapping[str, str], options: Mapping[str, frozenset[str]]
) -> Chosen:
    """Read a combination; `options` are the values each name may have (dates have none).

    An unknown value is dropped; a day that is none, or two in the wrong order, is told.
    """
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name in NAMES[work_list]:
        text = asked.get(name, "").strip()[:_LONGEST]
        if not text:
            continue
        if name in DATES:
            try:
                values[name] = date.fromisoformat(text).isoformat()
            except ValueError:
                problems[name] = "请填写日期,例如 2026-11-03。"
        elif text in options.get(name, frozenset()):
            values[name] = text
    if values.get("first", "") > values.get("last", "9999-12-31"):
        problems["last"] = "结束日期要不早于开始日期。"
        del values["last"]
    return Chosen(work_list, values, problems)


def asked_of(query: str) -> dict[str, str]:
    """A kept query as what was asked."""
    return dict(parse_qsl(query[:400]))
