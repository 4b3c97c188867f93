"""Permissions: each app declares its own under its name, `cases.accept`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permission:
    """`code` is `app.verb`; `label` its Chinese name. `duties`: whose roles may have it,
    the three administrators' (SYSTEM, SECURITY, AUDIT) or ordinary ones (NONE); empty where
    people have it by being applicants, so that no role is given it."""

    code: str
    label: str
    duties: frozenset[str] = frozenset({"NONE"})

    def __str__(self) -> str:
        return self.code


_declared: dict[str, Permission] = {}


def declare(code: str, label: str, *, duties: str = "NONE") -> Permission:
    """Declare a permission once; a second declaration of the code is a programming error.
    `duties`: words parted by blanks, "" where no role may have it."""
    if code in _declared:
        raise ValueError(f"permission {code} is declared twice")
    _declared[code] = Permission(code, label, frozenset(duties.split()))
    return _declared[code]


def all_permissions() -> tuple[Permission, ...]:
    return tuple(_declared[code] for code in sorted(_declared))


def duties_of(code: str) -> frozenset[str]:
    """Whose roles may have a permission; nobody's, where applicants have it by being applicants
    or it was never declared."""
    return _declared[code].duties if code in _declared else frozenset()
