"""A query code has six digits: wrong ones are counted per case number, whoever tries.

Counted in this process's cache: with n web processes a guesser has n times as many tries, still
far from a million.
"""

from __future__ import annotations

from django.core.cache import cache

from yiwang.kernel.numbering import NumberingError, parse_short_number

MOST_TRIES, WINDOW_SECONDS = 20, 3600


def _key(number: str) -> str:
    try:
        return f"progress:{parse_short_number(number).text}"
    except NumberingError:
        return "progress:-"


def is_blocked(number: str) -> bool:
    """True where this number met too many wrong codes within the hour."""
    return bool(cache.get(_key(number), 0) >= MOST_TRIES)


def count_wrong(number: str) -> None:
    """Note one wrong code."""
    key = _key(number)
    cache.add(key, 0, WINDOW_SECONDS)
    cache.incr(key)
