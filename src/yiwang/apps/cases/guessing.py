"""A query code has six digits: wrong ones are counted per case number, whoever tries.

Counted in the database: with twenty tries an hour for one number, however many processes and
nodes answer, a million codes are out of reach for years.
"""

from __future__ import annotations

from yiwang.foundation.limits.counting import is_spent, spend
from yiwang.foundation.limits.rules import DEFAULTS, Limit, limit_of
from yiwang.kernel.numbering import NumberingError, parse_short_number

LIMIT = "code"
WINDOW_SECONDS = DEFAULTS[LIMIT].seconds


def _limit() -> Limit:
    return limit_of(LIMIT) or DEFAULTS[LIMIT]


def _who(number: str) -> str:
    try:
        return parse_short_number(number).text
    except NumberingError:
        return "-"


def is_blocked(number: str) -> bool:
    """True where this number met too many wrong codes within the hour. One statement."""
    return is_spent(LIMIT, _limit(), _who(number))


def count_wrong(number: str) -> None:
    """Note one wrong code. One statement."""
    spend(LIMIT, _limit(), _who(number))
