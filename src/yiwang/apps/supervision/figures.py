"""Figures of a period, gross and net: every rate with its numerator and denominator.

Counted by SQL over all cards and cases when asked; nothing is kept that could disagree. A card
belongs to the period in which it came true, so that it always falls into the life of its case and
no rate is more than the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from yiwang.apps.cases.public import Span, supervised
from yiwang.apps.supervision.domain.vocabulary import AppealCause, Signal
from yiwang.apps.supervision.queries import organ_names
from yiwang.kernel.moment import start_of_day

MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Count:
    """Of one signal: cards issued, of them withdrawn; distinct cases with any, with a valid one."""

    gross: int = 0
    withdrawn: int = 0
    cases_gross: int = 0
    cases_net: int = 0

    @property
    def net(self) -> int:
        return self.gross - self.withdrawn

    def __add__(self, other: Count) -> Count:
        return Count(
            self.gross + other.gross,
            self.withdrawn + other.withdrawn,
            self.cases_gross + other.cases_gross,
            self.cases_net + other.cases_net,
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """A numerator over a denominator; no percentage of nothing."""

    numerator: int
    denominator: int

    @property
    def text(self) -> str:
        """`1.00%`, or a dash."""
        if not self.denominator:
            return "—"
        return f"{self.numerator * 100 / self.denominator:.2f}%"


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """Of one unit, of all of them, or of one month. `supervised` are the cases under way in the
    period; a case has one unit, so units add up."""

    label: str
    supervised: int
    counts: dict[Signal, Count]
    organ_id: int | None = None

    def count(self, signal: Signal) -> Count:
        return self.counts.get(signal, Count())

    def rate(self, signal: Signal, *, is_net: bool = True) -> Rate:
        found = self.count(signal)
        return Rate(found.cases_net if is_net else found.cases_gross, self.supervised)


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, half-open, over some units."""

    start: datetime
    end: datetime
    total: UnitFigures
    units: list[UnitFigures]
    causes: dict[AppealCause, dict[Signal, int]]
    months: list[UnitFigures] = field(default_factory=list)


def span_of(first: date, last: date) -> Span:
    """Both days included."""
    return Span(start_of_day(first), start_of_day(date.fromordinal(last.toordinal() + 1)))


def figures(
    *, organs: list[int], first: date, last: date, at: datetime, with_months: bool = True
) -> Figures:
    """Four statements, whatever the number of units, cards and months."""
    period = span_of(first, last)
    months = _months(last) if with_months else []
    spans = [period, *(span for _, span in months)]
    cases = supervised(organs, spans)
    counted = _counts(organs, spans)
    names = organ_names(organs)
    units = [
        UnitFigures(name, cases[0].get(pk, 0), counted[0].get(pk, {}), pk)
        for pk, name in names.items()
        if cases[0].get(pk) or counted[0].get(pk)
    ]
    series = [
        _sum(label, cases[place], counted[place]) for place, (label, _) in enumerate(months, 1)
    ]
    total = _sum("合计", cases[0], counted[0])
    return Figures(period.start, period.end, total, units, _causes(organs, period), series)


def _sum(label: str, cases: dict[int, int], counted: dict[int, dict[Signal, Count]]) -> UnitFigures:
    counts: dict[Signal, Count] = {}
    for found in counted.values():
        for signal, count in found.items():
            counts[signal] = counts.get(signal, Count()) + count
    return UnitFigures(label, sum(cases.values()), counts)


def _months(last: date) -> list[tuple[str, Span]]:
    """The months up to the period's last, oldest first."""
    found = []
    year, month = last.year, last.month
    for _ in range(MONTHS_SHOWN):
        following = date(year + month // 12, month % 12 + 1, 1)
        begun = date(year, month, 1)
        found.append((f"{year}年{month}月", Span(start_of_day(begun), start_of_day(following))))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found[::-1]


def _counts(organs: list[int], spans: Sequence[Span]) -> list[dict[int, dict[Signal, Count]]]:
    found: list[dict[int, dict[Signal, Count]]] = [{} for _ in spans]
    with connection.cursor() as cursor:
        cursor.execute(
            # By case first: hashing is several times faster than sorting for count(DISTINCT).
            "SELECT place, organ_id, signal, sum(cards)::bigint, sum(gone)::bigint, count(*), "
            "count(*) FILTER (WHERE cards > gone) FROM ("
            "SELECT s.place, c.organ_id, c.signal, c.case_id, count(*) AS cards, "
            "count(*) FILTER (WHERE c.state = 'WITHDRAWN') AS gone "
            "FROM unnest(%s::int[], %s::timestamptz[], %s::timestamptz[]) "
            "AS s (place, begun, over) "
            "JOIN supervision_card c ON c.occurred_at >= s.begun AND c.occurred_at < s.over "
            "WHERE c.organ_id = ANY(%s) GROUP BY s.place, c.organ_id, c.signal, c.case_id"
            ") AS by_case GROUP BY place, organ_id, signal",
            [list(range(len(spans))), [s.start for s in spans], [s.end for s in spans], [*organs]],
        )
        for place, organ_id, signal, *numbers in cursor.fetchall():
            found[place].setdefault(organ_id, {})[Signal(signal)] = Count(*numbers)
    return found


def _causes(organs: list[int], period: Span) -> dict[AppealCause, dict[Signal, int]]:
    """Withdrawn cards by cause; every cause is there, also with nothing."""
    found: dict[AppealCause, dict[Signal, int]] = {cause: {} for cause in AppealCause}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT withdrawn_cause, signal, count(*) FROM supervision_card "
            "WHERE state = 'WITHDRAWN' AND occurred_at >= %s AND occurred_at < %s "
            "AND organ_id = ANY(%s) GROUP BY withdrawn_cause, signal",
            [period.start, period.end, [*organs]],
        )
        for cause, signal, number in cursor.fetchall():
            found[AppealCause(cause)][Signal(signal)] = number
    return found


def open_cards() -> dict[int, tuple[int, int, int]]:
    """Unit → yellow and red cards without an answer, appeals that wait. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organ_id, "
            "count(*) FILTER (WHERE signal = 'YELLOW' AND state = 'VALID'), "
            "count(*) FILTER (WHERE signal = 'RED' AND state = 'VALID'), "
            "count(*) FILTER (WHERE state = 'APPEALED') "
            "FROM supervision_card WHERE state IN ('VALID', 'APPEALED') AND late_reason_at IS NULL "
            "OR state = 'APPEALED' GROUP BY organ_id"
        )
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}
