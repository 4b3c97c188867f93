"""行政区划代码: six digits (GB/T 2260), nine (GB/T 10114, townships), twelve (villages).

The level of a code follows from its zeros. Trees may lack a level: districts without townships
(海南三亚), cities without counties (东莞 441900003), counties straight under a province (469001).
So a code has *possible* ancestors, and the parent is the nearest one that exists.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import IntEnum

from yiwang.kernel.identifiers.checked import Checked, fail, require_valid
from yiwang.kernel.identifiers.text import compact, is_digits

_ENDS = (2, 4, 6, 9, 12)  # where each level ends in the twelve digits
_LENGTHS = (6, 9, 12)


class RegionLevel(IntEnum):
    """From the province (1) down to the village or residents' committee (5)."""

    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    VILLAGE = 5

    @property
    def label(self) -> str:
        """The Chinese name."""
        return ("省级", "市级", "县级", "乡级", "村级")[self - 1]


@dataclass(frozen=True, slots=True)
class Region:
    """A code in its shortest usual form (6, 9 or 12 digits) and its level."""

    code: str
    level: RegionLevel

    @property
    def stem(self) -> str:
        """The significant digits: a prefix of every code inside this region."""
        return self.code[: _ENDS[self.level - 1]]


def check(value: str) -> Checked:
    """Check a code of 6, 9 or 12 digits; the value is given back in its shortest form."""
    code = compact(value)
    if len(code) not in _LENGTHS or not is_digits(code):
        return fail(code, "FORMAT", "行政区划代码应为6位、9位或12位数字，请核对")
    if code.startswith("0"):
        return fail(code, "PROVINCE", "行政区划代码前两位是省级代码，不以0开头，请核对")
    return Checked(_shortest(code))


def is_valid(value: str) -> bool:
    """Whether the form is right; whether the region exists is for the table of areas to say."""
    return check(value).is_valid


def parse(value: str) -> Region:
    """The shortest form and the level. Raises MalformedError."""
    code = require_valid(check(value))
    return Region(code, _level(code.ljust(12, "0")))


def possible_ancestors(value: str) -> tuple[str, ...]:
    """Codes that could stand above this one, the nearest first, in shortest form."""
    region = parse(value)
    full = region.code.ljust(12, "0")
    above: list[str] = []
    for end in reversed(_ENDS[: region.level - 1]):
        code = _shortest(full[:end].ljust(12, "0"))
        if code != region.code and code not in above:
            above.append(code)
    return tuple(above)


def parent(value: str, known: Container[str]) -> str | None:
    """The nearest ancestor among ``known`` codes (shortest form), or None at the top."""
    return next((code for code in possible_ancestors(value) if code in known), None)


def covers(upper: str, lower: str) -> bool:
    """Whether ``lower`` is ``upper`` or lies inside it."""
    return parse(lower).code.startswith(parse(upper).stem)


def _level(full: str) -> RegionLevel:
    starts = (0, *_ENDS[:-1])
    lowest = max(
        number
        for number, (start, end) in enumerate(zip(starts, _ENDS, strict=True), start=1)
        if full[start:end].strip("0")
    )
    return RegionLevel(lowest)


def _shortest(code: str) -> str:
    full = code.ljust(12, "0")
    end = max(6, _ENDS[_level(full) - 1])
    return full[:end]
