"""What changed between two definitions, in places a reviewer can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yiwang.apps.catalog.domain.definition import Definition


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed place: dotted path, text before and after ("" where it was or is not)."""

    where: str
    before: str
    after: str


def compare(before: Definition | None, after: Definition) -> list[Difference]:
    """Differences leaf by leaf; lists of coded parts are matched by code, not by position."""
    old = _flat(before.model_dump(mode="json", by_alias=True)) if before else {}
    new = _flat(after.model_dump(mode="json", by_alias=True))
    return [
        Difference(where, old.get(where, ""), new.get(where, ""))
        for where in [*new, *(w for w in old if w not in new)]
        if old.get(where, "") != new.get(where, "")
    ]


def _flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, part in value.items():
            found |= _flat(part, f"{path}.{key}" if path else str(key))
        return found
    if isinstance(value, list):
        found = {}
        for place, part in enumerate(value):
            name = part.get("code", place) if isinstance(part, dict) else place
            found |= _flat(part, f"{path}[{name}]")
        return found
    return {} if value in (None, "") else {path: str(value)}
