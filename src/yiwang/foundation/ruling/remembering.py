"""A table that changes seldom, kept per process: no statement on most calls, one small one every
few seconds. What was ruled takes effect in every process within that."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

CHECK_EVERY = 5.0  # seconds
T = TypeVar("T")


class Remembered(Generic[T]):
    """`version` is one cheap statement; where it gives another value, `read` reads all."""

    def __init__(self, version: Callable[[], Hashable], read: Callable[[], T]) -> None:
        self._version_of, self._read = version, read
        self._lock = threading.Lock()
        self._kept: tuple[Hashable, T] | None = None
        self._checked = -CHECK_EVERY

    def __call__(self) -> T:
        """What the table says, as of a few seconds ago."""
        kept = self._kept
        if kept is not None and time.monotonic() - self._checked < CHECK_EVERY:
            return kept[1]
        with self._lock:
            version = self._version_of()
            if self._kept is None or self._kept[0] != version:
                self._kept = (version, self._read())
            self._checked = time.monotonic()
            return self._kept[1]

    def forget(self) -> None:
        """Look at the table again at the next call (after something was ruled; in tests)."""
        self._checked = -CHECK_EVERY
