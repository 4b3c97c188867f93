"""What holds on a day: the declared parameters with the ruled values, cached per process.

As with the calendar, no statement on most calls and one small one every few seconds: a ruled value
takes effect in every process within that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from yiwang.foundation.parameters.models import ParameterValue
from yiwang.kernel.parameters import Dated, Declared, Held, held

CHECK_EVERY = 5.0  # seconds

_declared: dict[str, Declared] = {}
_lock = threading.Lock()
_rows: dict[str, tuple[Dated, ...]] = {}
_version = -1
_checked = -CHECK_EVERY


def declare_parameters(parameters: Iterable[Declared]) -> None:
    """Register an app's parameters (site/wiring). Raises ValueError for a code declared twice."""
    for one in parameters:
        if _declared.setdefault(one.code, one) != one:
            raise ValueError(f"parameter {one.code} is declared twice")


def declared() -> list[Declared]:
    """Every parameter, by room as declared."""
    return list(_declared.values())


def declaration(code: str) -> Declared | None:
    return _declared.get(code)


def parameter(code: str, *, on: date) -> Held:
    """What holds on a day. Raises KeyError for a code nobody declared."""
    return held(_declared[code], _known().get(code, ()), on)


def dated_rows(code: str) -> tuple[Dated, ...]:
    """The ruled values of a parameter, as known to this process."""
    return _known().get(code, ())


def forget() -> None:
    """Look at the table again at the next call (after a value was ruled; in tests)."""
    global _checked
    _checked = -CHECK_EVERY


def _known() -> dict[str, tuple[Dated, ...]]:
    global _rows, _version, _checked
    if time.monotonic() - _checked < CHECK_EVERY:
        return _rows
    with _lock:
        last = ParameterValue.objects.aggregate(last=Max("id"))["last"] or 0
        if last != _version:
            _rows, _version = _read(), last
        _checked = time.monotonic()
        return _rows


def _read() -> dict[str, tuple[Dated, ...]]:
    found: dict[str, tuple[Dated, ...]] = {}
    rows = ParameterValue.objects.order_by("id")
    for row in rows.values_list("code", "value", "valid_from", "source", "article", "id"):
        source = f"{row[3]} {row[4]}".strip()
        found[row[0]] = (*found.get(row[0], ()), Dated(row[0], row[1], row[2], source, row[5]))
    return found
