"""昨日办件抽查: which concluded cases are looked at again. Pure: the same seed, the same sample.

The cases of an organ are laid out stratum after stratum (one item kind each), within a stratum in
an order that only the seed decides; then every k-th is taken from a start that the seed decides.
So each case is equally likely (size ÷ number), and each kind is there in proportion.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from yiwang.kernel.parameters import Declared, Mark

PER_MILLE = 1000
SHARE, MINIMUM = "oversight.sample_share", "oversight.sample_minimum"
PARAMETERS = (
    Declared(SHARE, "办件抽查", "抽查的比例", "‰", 50, 10, 1000, "平台默认:百分之五", Mark.DEFAULT),
    Declared(
        MINIMUM, "办件抽查", "每个单位最少抽", "件", 1, 1, 100, "平台默认:至少一件", Mark.DEFAULT
    ),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A concluded case: its id and its stratum (the item)."""

    case_id: int
    stratum: str


def sample_size(number: int, per_mille: int, minimum: int) -> int:
    """`per_mille` of the number, rounded up, at least the minimum, at most all."""
    share = -(-number * per_mille // PER_MILLE)
    return min(number, max(share, minimum))


def _drawn(seed: str, *words: object) -> int:
    """64 bits that the seed decides for these words."""
    text = "\x1f".join([seed, *(str(word) for word in words)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def draw(candidates: Sequence[Candidate], *, size: int, seed: str) -> tuple[int, ...]:
    """The ids of the sample, ascending; whatever the order of the candidates. Raises ValueError
    for a size that is more than there are."""
    if not 0 <= size <= len(candidates):
        raise ValueError(size)
    if size == 0:
        return ()
    laid = sorted(
        candidates,
        key=lambda c: (_drawn(seed, "stratum", c.stratum), c.stratum, _drawn(seed, c.case_id)),
    )
    step = Fraction(len(laid), size)
    start = step * Fraction(_drawn(seed, "start"), 2**64)
    return tuple(sorted(laid[int(start + step * place)].case_id for place in range(size)))


class SampledState(StrEnum):
    PENDING = "PENDING"
    CLEAN = "CLEAN"
    PROBLEM = "PROBLEM"
    ANSWERED = "ANSWERED"
    DROPPED = "DROPPED"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "PENDING": "待抽查",
    "CLEAN": "无问题",
    "PROBLEM": "有问题待整改",
    "ANSWERED": "已答复整改",
    "DROPPED": "重抽后不再查",
}

# What a checker goes through: (code, words).
POINTS = (
    ("materials", "打开每份材料,要点都已核对"),
    ("limits", "收件、审查、决定、送达都在时限内,停止计时有依据"),
    ("papers", "文书齐全、有文号、已经送达"),
    ("correction", "补正只告知一次,一次说全"),
    ("reasons", "决定写明依据;不利的决定写明事实、理由和救济途径"),
)
