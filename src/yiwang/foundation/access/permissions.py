"""Permissions: each app declares its own under its name, `cases.accept`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """`code` is `app.verb`; `label` its Chinese name."""

    code: str
    label: str

    def __str__(self) -> str:
        return self.code


_declared: dict[str, Permission] = {}


def declare(code: str, label: str) -> Permission:
    """Declare a permission once; a second declaration of the code is a programming error."""
    if code in _declared:
        raise ValueError(f"permission {code} is declared twice")
    _declared[code] = Permission(code, label)
    return _declared[code]


def all_permissions() -> tuple[Permission, ...]:
    return tuple(_declared[code] for code in sorted(_declared))
