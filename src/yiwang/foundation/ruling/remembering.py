"""Tables that change seldom, kept per process: no statement on most calls, one small one for all
of them every few seconds. What was ruled takes effect in every process within that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection

CHECK_EVERY = 5.0  # seconds
T = TypeVar("T")

_all: list[Remembered[Any]] = []
_lock = threading.Lock()
_looked = -CHECK_EVERY


class Remembered(Generic[T]):
    """`version` is SQL of one cheap value, never a request's text; where it is another than
    before, `read` reads all."""

    def __init__(self, version: str, read: Callable[[], T]) -> None:
        self.version, self._read = version, read
        self.current: object = None
        self._kept: tuple[object, T] | None = None
        _all.append(self)

    def __call__(self) -> T:
        """What the tables say, as of a few seconds ago."""
        kept = self._kept
        if (
            kept is not None
            and time.monotonic() - _looked < CHECK_EVERY
            and kept[0] == self.current
        ):
            return kept[1]
        with _lock:
            if self.current is None or time.monotonic() - _looked >= CHECK_EVERY:
                _look()
            if self._kept is None or self._kept[0] != self.current:
                self._kept = (self.current, self._read())
            return self._kept[1]

    def forget(self) -> None:
        """Look again at the next call (after something was ruled; in tests)."""
        global _looked
        _looked = -CHECK_EVERY


def _look() -> None:
    """One statement for every table that is remembered."""
    global _looked
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'({one.version})' for one in _all)}")
        found = cursor.fetchone()
    for one, value in zip(_all, found, strict=True):
        one.current = value
    _looked = time.monotonic()
