"""The quality list: which guides in force need work, and why, the worst first.

What a definition tells is found once per version, which never changes; what the running of the
items tells is two statements for all items together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.apps.catalog.domain.parameters import CORRECTION_SHARE, LEAST_CASES
from yiwang.apps.catalog.domain.quality import QualityFinding, findings
from yiwang.apps.catalog.domain.quality_rules import QualityRule
from yiwang.apps.catalog.hooks import Practice, open_notes, practices
from yiwang.apps.catalog.queries import CurrentVersion, current_versions
from yiwang.apps.catalog.wording import names_of, place_in_words
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import start_of_day

PERIOD = timedelta(days=90)
PAGE_SIZE = 40

_known: dict[int, tuple[QualityFinding, ...]] = {}
_places: dict[int, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: a name, a code or an organ; one rule only."""

    text: str = ""
    rule: QualityRule | None = None


@dataclass(frozen=True, slots=True)
class ItemQuality:
    """An item in force with what was found, of the wanted rule only where one is wanted."""

    version: CurrentVersion
    found: tuple[QualityFinding, ...]

    @property
    def key(self) -> tuple[int, str]:
        """Most findings first, then by code."""
        return -len(self.found), self.version.definition.code

    @property
    def placed(self) -> list[tuple[QualityFinding, str]]:
        """Each finding with its place in words."""
        places = _places_in_words(self.version)
        return [(one, places.get(one.where, one.where)) for one in self.found]


@dataclass(frozen=True, slots=True)
class QualityList:
    """`rows` have a finding each, worst first. `items` counts all in force that match the text,
    `with_rule` those of them with a finding of a rule, whichever rule is wanted."""

    rows: list[ItemQuality]
    items: int
    flawed: int
    total: int
    with_rule: Counter[QualityRule]


def quality_list(wanted: Wanted, *, today: date) -> QualityList:
    """All items in force, examined. Four statements at most however many items there are: the
    versions in force, definitions not yet seen by this process, cases, notes (and one every few
    seconds for what a city ruled)."""
    of_running = _of_running(today)
    whole = [
        ItemQuality(version, (*of_running.get(version.definition.code, ()), *_of_version(version)))
        for version in current_versions(today=today)
        if _matches(version, wanted.text)
    ]
    rows = [one for one in (_narrowed(one, wanted.rule) for one in whole) if one.found]
    return QualityList(
        rows=sorted(rows, key=lambda one: one.key),
        items=len(whole),
        flawed=sum(bool(one.found) for one in whole),
        total=sum(len(one.found) for one in whole),
        with_rule=Counter(rule for one in whole for rule in {f.rule for f in one.found}),
    )


def _matches(version: CurrentVersion, text: str) -> bool:
    wanted = text.casefold()
    told = (version.definition.name, version.definition.code, version.organ_name)
    return not wanted or any(wanted in one.casefold() for one in told)


def _narrowed(one: ItemQuality, rule: QualityRule | None) -> ItemQuality:
    if rule is None:
        return one
    return ItemQuality(one.version, tuple(f for f in one.found if f.rule is rule))


def _of_version(version: CurrentVersion) -> tuple[QualityFinding, ...]:
    known = _known.get(version.version_id)
    if known is None:
        known = _known[version.version_id] = tuple(findings(version.definition))
    return known


def _places_in_words(version: CurrentVersion) -> dict[str, str]:
    """Only for items that are shown: naming every part of a definition takes a millisecond."""
    wheres = [one.where for one in _of_version(version)]
    known = _places.get(version.version_id)
    if known is None:
        names = names_of(version.definition)
        known = tuple(place_in_words(where, names) for where in wheres)
        _places[version.version_id] = known
    return dict(zip(wheres, known, strict=True))


def _of_running(today: date) -> dict[str, list[QualityFinding]]:
    """Item code → what its cases and its readers say of the guide."""
    least = parameter(LEAST_CASES, on=today).value
    share = parameter(CORRECTION_SHARE, on=today).value
    found: dict[str, list[QualityFinding]] = {}
    for code, practice in practices(start_of_day(today - PERIOD)).items():
        if is_unlike(practice, least=least, share=share):
            detail = (
                f"{PERIOD.days} 天内收的 {practice.received} 件里有 {practice.corrected} 件要求补正"
            )
            rule = QualityRule.UNLIKE_PRACTICE
            found.setdefault(code, []).append(QualityFinding(rule, "办件情况", detail))
    for code, number in open_notes().items():
        finding = QualityFinding(QualityRule.OPEN_NOTES, "指南纠错", f"{number} 条没有处理")
        found.setdefault(code, []).append(finding)
    return found


def is_unlike(practice: Practice, *, least: int, share: int) -> bool:
    """True where enough cases came in (`least`) and more than `share` per cent were corrected."""
    enough = practice.received >= least
    return enough and practice.corrected * 100 > share * practice.received


@dataclass(frozen=True, slots=True)
class QualityPage:
    """Forty rows; the cursors of the pages beside it, None where there is none ("" is the first).
    `first` counts from one."""

    rows: list[ItemQuality]
    first: int
    next: str | None
    previous: str | None


def page_of(rows: list[ItemQuality], after: str, size: int = PAGE_SIZE) -> QualityPage:
    """The rows after a cursor. What is no cursor begins at the beginning."""
    start = _start(rows, after)
    shown = rows[start : start + size]
    before = max(start - size, 0)
    return QualityPage(
        rows=shown,
        first=start + 1,
        next=_cursor(shown[-1]) if start + size < len(rows) else None,
        previous=None if start == 0 else _cursor(rows[before - 1]) if before else "",
    )


def _cursor(row: ItemQuality) -> str:
    return f"{len(row.found)}.{row.version.definition.code}"


def _start(rows: Iterable[ItemQuality], after: str) -> int:
    """How many rows stand up to the cursor; a row that has gone since is missed by nobody."""
    number, _, code = after.partition(".")
    if not (number.isascii() and number.isdecimal() and code):
        return 0
    return sum(row.key <= (-int(number), code) for row in rows)
