"""Counting, one statement each, by the database's clock: web nodes may disagree about the time."""

from __future__ import annotations

import threading
import time

from django.db import connection

from yiwang.foundation.limits.rules import Limit
from yiwang.foundation.secrets import keyring

_FULL = 10_000
_LARGEST = 1_000_000  # a counter stops here instead of overflowing

_SPEND = """
INSERT INTO limits_limitcounter AS c (key, began_at, used)
VALUES (%s, statement_timestamp(), %s)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN c.began_at + %s * interval '1 second' <= excluded.began_at
                THEN excluded.used ELSE LEAST(c.used + excluded.used, %s) END,
    began_at = CASE WHEN c.began_at + %s * interval '1 second' <= excluded.began_at
                    THEN excluded.began_at ELSE c.began_at END
RETURNING used, extract(epoch FROM statement_timestamp() - began_at)::float8
"""
_PEEK = """
SELECT used, extract(epoch FROM statement_timestamp() - began_at)::float8
  FROM limits_limitcounter
 WHERE key = %s AND began_at + %s * interval '1 second' > statement_timestamp()
"""


def _key(name: str, who: str) -> str:
    return f"{name}:{keyring().blind_index(who, purpose=f'limit.{name}').hex()}"


def spend(name: str, limit: Limit, who: str, *, times: int = 1) -> int:
    """Count; 0 where it is within the limit, else the whole seconds until it is again.

    Outside a transaction, so that what happens afterwards does not undo it and nobody waits for
    the row longer than a statement takes.
    """
    seconds = float(limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [_key(name, who), times, seconds, _LARGEST, seconds])
        used, age = cursor.fetchone()
    return _wait(limit, age) if used > limit.most else 0


def is_spent(name: str, limit: Limit, who: str) -> bool:
    """True where nothing is left in this window; counts nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_PEEK, [_key(name, who), float(limit.seconds)])
        row = cursor.fetchone()
    return row is not None and row[0] >= limit.most


def _wait(limit: Limit, age: float) -> int:
    return max(1, min(limit.seconds, int(limit.seconds - age) + 1))


class Batches:
    """Counting of what is frequent and already costly enough: a statement for every tenth.

    Each process keeps up to nine of an account to itself, so with n processes a limit may be
    passed by 9 × n before it holds; a refusal is remembered here until it ends.
    """

    def __init__(self, every: int = 10) -> None:
        self.every = every
        self._kept: dict[str, tuple[int, float]] = {}  # who → number, since (monotonic)
        self._refused: dict[str, float] = {}  # who → until (monotonic)
        self._lock = threading.Lock()

    def spend(self, name: str, limit: Limit, who: str) -> int:
        """As the function of this name."""
        left = self._refused.get(who, 0.0) - time.monotonic()
        if left > 0:
            return int(left) + 1
        times = self._due(limit, who)
        wait = spend(name, limit, who, times=times) if times else 0
        if wait:
            with self._lock:
                self._refused[who] = time.monotonic() + wait
        return wait

    def _due(self, limit: Limit, who: str) -> int:
        """How many to write down now: none until there are enough of them."""
        now, every = time.monotonic(), max(1, min(self.every, limit.most // 10))
        with self._lock:
            if len(self._kept) > _FULL or len(self._refused) > _FULL:
                self._kept.clear()
                self._refused.clear()
            number, since = self._kept.get(who, (0, now))
            if now - since > limit.seconds:
                number, since = 0, now
            number += 1
            if number < every:
                self._kept[who] = (number, since)
                return 0
            self._kept.pop(who, None)
            return number
