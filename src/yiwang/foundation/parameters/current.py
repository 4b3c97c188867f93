"""What holds on a day: the declared parameters with the ruled values, cached per process.

As with the calendar, no statement on most calls and one small one every few seconds: a ruled value
takes effect in every process within that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from yiwang.foundation.parameters.models import ParameterValue
from yiwang.foundation.ruling.remembering import Remembered
from yiwang.kernel.parameters import Dated, Declared, Held, held

_declared: dict[str, Declared] = {}


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
    _known.forget()


def _read() -> dict[str, tuple[Dated, ...]]:
    found: dict[str, tuple[Dated, ...]] = {}
    rows = ParameterValue.objects.order_by("id")
    for row in rows.values_list("code", "value", "valid_from", "source", "article", "id"):
        source = f"{row[3]} {row[4]}".strip()
        found[row[0]] = (*found.get(row[0], ()), Dated(row[0], row[1], row[2], source, row[5]))
    return found


_known = Remembered("SELECT COALESCE(max(id), 0) FROM parameters_parametervalue", _read)
