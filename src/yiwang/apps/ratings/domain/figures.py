"""The figures of ratings, as a data dictionary: label, formula, and both sides as conditions.

A figure's rows are exactly what its conditions hold for, so a number always opens to its rows.
The period is that of the service (the invitation): a rating belongs to the service it rates, and no
rate is more than the whole. Ratings found malicious or mistaken leave both sides and stay listed.

`i` is the invitation, `r` its rating or nothing, `b` the handling of a bad rating or nothing.
Formulas of GB/T 39734 Annex B are not public; these are ours and stand on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from yiwang.apps.ratings.domain.scales import GOOD

PLACES = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Figure:
    """`numerator` and `denominator` are SQL conditions over i, r, b."""

    code: str
    label: str
    formula: str
    numerator: str
    denominator: str

    @property
    def counted(self) -> str:
        """The numerator's condition, inside the denominator's."""
        return f"({self.denominator}) AND ({self.numerator})"


_GOOD = ", ".join(f"'{grade}'" for grade in GOOD)
COUNTED = "b.state IS DISTINCT FROM 'EXCLUDED'"
FIGURES = (
    Figure(
        "good",
        "好评率",
        "(非常满意 + 满意 + 基本满意) ÷ 全部有效评价",
        f"r.satisfaction IN ({_GOOD})",
        "r.id IS NOT NULL",
    ),
    Figure(
        "active-good",
        "主动好评率",
        "主动评价里的好评 ÷ 主动评价(不含默认评价)",
        f"r.kind = 'ACTIVE' AND r.satisfaction IN ({_GOOD})",
        "r.kind = 'ACTIVE'",
    ),
    Figure("active", "主动评价率", "主动评价 ÷ 可评服务", "r.kind = 'ACTIVE'", "TRUE"),
    Figure("unrated", "未评率", "没有评价的服务 ÷ 可评服务", "r.id IS NULL", "TRUE"),
    Figure(
        "replied",
        "差评回复率",
        "已联系评价人或已批准整改的差评 ÷ 有效差评",
        "b.replied_at IS NOT NULL",
        "b.id IS NOT NULL",
    ),
    Figure(
        "remedied",
        "差评整改率",
        "整改已经负责人批准的差评 ÷ 有效差评",
        "b.remedied_at IS NOT NULL",
        "b.id IS NOT NULL",
    ),
    Figure(
        "call-back",
        "回访整改满意率",
        "回访时对整改满意的 ÷ 已回访的差评",
        "b.is_satisfied",
        "b.called_back_at IS NOT NULL",
    ),
)
BY_CODE = {figure.code: figure for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Rate:
    """A numerator over a denominator; no percentage of nothing."""

    numerator: int = 0
    denominator: int = 0

    @property
    def percent(self) -> Decimal | None:
        """Three places, half up: 99.968, never cut to 99."""
        if not self.denominator:
            return None
        share = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        return share.quantize(PLACES, rounding=ROUND_HALF_UP)

    @property
    def text(self) -> str:
        """`99.968%`, or a dash."""
        found = self.percent
        return "—" if found is None else f"{found}%"

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.numerator + other.numerator, self.denominator + other.denominator)
