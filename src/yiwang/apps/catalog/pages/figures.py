"""Limits in words, with how well each figure is known: an estimate is never shown as fact."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.catalog.domain.definition import LimitFigure


@dataclass(frozen=True, slots=True)
class Figure:
    """A limit as a page shows it. `doubt` is 演示数据 or 待核实 where it is not a known fact."""

    value: str
    unit: str
    origin: str
    doubt: str
    note: str

    @property
    def text(self) -> str:
        """One line: 5 个工作日(演示数据)."""
        doubt = f"({self.doubt})" if self.doubt else ""
        return f"{self.value} {self.unit}".strip() + doubt

    @property
    def remark(self) -> str:
        """What stands under the figure: the doubt first, then article or source, then the note."""
        doubt = f"「{self.doubt}」" if self.doubt else ""
        return " ".join(part for part in (doubt, self.origin, self.note) if part)


def figure_of(figure: LimitFigure) -> Figure:
    """A limit of a definition in words."""
    limit = figure.to_limit()
    value, unit = ("当日", "") if limit.number == 0 else (str(limit.number), limit.unit.label)
    return Figure(
        value=value,
        unit=unit,
        origin=figure.article or figure.source,
        doubt="" if figure.mark.is_known else figure.mark.label,
        note=figure.note,
    )
