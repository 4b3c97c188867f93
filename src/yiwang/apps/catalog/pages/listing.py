"""The public list of items: one set of rows for the page, the figure at its head and the file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from yiwang.apps.catalog.pages.figures import Figure, figure_of
from yiwang.apps.catalog.public import CurrentVersion, current_versions, search_items

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the visitor asked for: everyday words, a topic, only what can be done online."""

    text: str = ""
    topic: str = ""
    audience: str = ""
    is_online_only: bool = False

    def query(self, **changes: str) -> str:
        """The query string of this choice with some of it changed ("" takes a part away)."""
        values = {
            "q": self.text,
            "topic": self.topic,
            "for": self.audience,
            "online": "1" if self.is_online_only else "",
            **changes,
        }
        return urlencode({key: value for key, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One published item as the list shows it."""

    version: CurrentVersion
    promised: Figure
    audience: str
    renamed: str = ""

    @property
    def url(self) -> str:
        return f"/items/{self.version.definition.code}/"


@dataclass(frozen=True, slots=True)
class ItemList:
    """The rows wanted, and the online rate over all published items (S0: 可网办率)."""

    rows: list[ItemRow]
    online: int
    published: int
    zero_visit: int
    topics: list[tuple[str, int]]

    @property
    def rate(self) -> str:
        """A percentage with one decimal; — where nothing is published."""
        return f"{self.online / self.published * 100:.1f}%" if self.published else "—"


def item_list(wanted: Wanted, *, today: date) -> ItemList:
    """Published items in force, and which of them were asked for."""
    everything = current_versions(today=today)
    found = search_items(wanted.text, today=today, limit=200) if wanted.text else everything
    topics = Counter(t for version in everything for t in version.definition.topics)
    return ItemList(
        rows=[_row(version, wanted.text) for version in found if _is_wanted(version, wanted)],
        online=sum(version.definition.online for version in everything),
        published=len(everything),
        zero_visit=sum(version.definition.is_zero_visit for version in everything),
        topics=topics.most_common(),
    )


def _is_wanted(version: CurrentVersion, wanted: Wanted) -> bool:
    definition = version.definition
    return (
        (not wanted.is_online_only or definition.online)
        and (not wanted.topic or wanted.topic in definition.topics)
        and (not wanted.audience or wanted.audience in definition.audiences)
    )


def _row(version: CurrentVersion, text: str) -> ItemRow:
    definition = version.definition
    return ItemRow(
        version=version,
        promised=figure_of(definition.limits.promised),
        audience="、".join(audience.label for audience in definition.audiences),
        renamed=renamed(version, text),
    )


def renamed(version: CurrentVersion, text: str) -> str:
    """What to tell somebody who searched by another name: the name now, and the item's note."""
    definition = version.definition
    wanted = "".join(text.split())
    alias = next((a for a in definition.aliases if wanted and (wanted in a or a in wanted)), "")
    if not alias or wanted in definition.name:
        return ""
    return definition.alias_note or f"「{alias}」办的就是「{definition.name}」。"


COLUMNS = (
    "事项名称",
    "实施主体",
    "服务对象",
    "办件类型",
    "承诺时限",
    "法定时限",
    "可网办",
    "版本",
    "生效日期",
    "实施编码",
)


def cells(row: ItemRow) -> list[str]:
    version, definition = row.version, row.version.definition
    statutory = definition.limits.statutory
    return [
        definition.name,
        version.organ_name,
        row.audience,
        definition.case_kind.label,
        row.promised.text,
        figure_of(statutory).text if statutory else "法律没有规定",
        "是" if definition.online else "否",
        f"第 {version.number} 版",
        version.effective_on.isoformat(),
        version.implementation_code,
    ]
