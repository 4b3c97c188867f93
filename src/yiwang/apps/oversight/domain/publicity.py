"""What of a decision is open to everybody (行政许可法 §40; 双公示 within seven working days).

Organisations stand with their full name and credit code. Of a natural person nothing but a masked
name ever reaches a row of the publication: no paper number, no phone, no address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from yiwang.kernel.clock import Limit, Unit
from yiwang.kernel.clock.reckoning import add_months
from yiwang.kernel.masking import HIDDEN, MaskKind, mask

WITHIN = Limit(7, Unit.WORKING_DAY)
YEARS = 5
_LONG_NUMBER = re.compile(r"\d{6,}")


@dataclass(frozen=True, slots=True)
class PublicHolder:
    """The holder as everybody may see them."""

    label: str
    uscc: str
    is_natural: bool


def public_holder(*, is_natural: bool, name: str, uscc: str) -> PublicHolder:
    """`uscc` counts for organisations only, whatever is handed in for a person."""
    if is_natural:
        label = mask(MaskKind.NAME, name)
        return PublicHolder(HIDDEN if _LONG_NUMBER.search(label) else label, "", True)
    return PublicHolder(name.strip(), uscc.strip(), False)


def ends_on(decided_on: date, years: int) -> date:
    """The last day on which it is shown."""
    return add_months(decided_on, 12 * years)
