"""The only place where the time is read.

Edges (a request, a command, a sweep) call `now()` once and pass the instant down. In the
demonstration the clock can be moved forward: the offset lives in a file of the data folder, so
that every process sees it and no statement is spent on it.
"""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from yiwang.foundation.environment import environment
from yiwang.kernel.moment import BEIJING

_cached: tuple[float, timedelta] = (0.0, timedelta(0))


class DemonstrationOnlyError(Exception):
    """Somebody tried to move the clock outside the demonstration."""


def _offset_file() -> Path:
    return environment().run / "demonstration-clock"


def offset() -> timedelta:
    """How far the demonstration clock is ahead; zero outside the demonstration."""
    global _cached
    if not environment().is_demo:
        return timedelta(0)
    try:
        modified = _offset_file().stat().st_mtime
    except FileNotFoundError:
        return timedelta(0)
    if modified != _cached[0]:
        with contextlib.suppress(ValueError):
            seconds = float(_offset_file().read_text(encoding="utf-8"))
            _cached = (modified, timedelta(seconds=seconds))
    return _cached[1]


def now() -> datetime:
    """The present instant, aware, in Beijing time."""
    return datetime.now(UTC).astimezone(BEIJING) + offset()  # noqa: TID251 - the one place


def real_now() -> datetime:
    """The present instant where the demonstration's clock has no say: keys and tokens."""
    return now() - offset()


def advance(by: timedelta) -> datetime:
    """Move the demonstration clock forward; returns the new now.

    Raises DemonstrationOnlyError outside the demonstration and ValueError for a step back: a
    record in the past cannot be.
    """
    if not environment().is_demo:
        raise DemonstrationOnlyError("只有演示环境才能调整时钟。")
    if by < timedelta(0):
        raise ValueError("演示时钟只能向前调。")
    target = _offset_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(f".{os.getpid()}")
    partial.write_text(str((offset() + by).total_seconds()), encoding="utf-8")
    partial.replace(target)
    return now()
