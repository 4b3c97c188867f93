"""What certificates must ask of the rooms above: filled in by the composition root.

Certificates know neither items nor cases; whether a renewal is under way, where an item's
decisions may be appealed, and what an overseer found are told here by those who know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from yiwang.apps.certificates.models import Certificate


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where a decision about this certificate may be taken."""

    review_organ: str
    review_address: str
    court: str


@dataclass(frozen=True, slots=True)
class Note:
    """A line that another room adds to somebody's certificate: a label, a tone, a text, a link."""

    label: str
    tone: str
    text: str
    url: str = ""
    url_label: str = ""


@dataclass(frozen=True, slots=True)
class Hooks:
    """`pending_renewal` gives the subject of an application that keeps an expiring certificate
    in force, or ""."""

    pending_renewal: Callable[[Certificate, date], str] = lambda certificate, today: ""
    remedy: Callable[[Certificate], Remedy | None] = lambda certificate: None
    notes: Callable[[Sequence[Certificate], date], dict[int, list[Note]]] = lambda rows, today: {}


_hooks = Hooks()


def hooks() -> Hooks:
    return _hooks


def use_hooks(new: Hooks) -> None:
    """Called once, by the composition root."""
    global _hooks
    _hooks = new


Kinds = Callable[[date], dict[str, str]]
_kinds: list[Kinds] = []
_licences: list[Kinds] = []


def blank_kinds(today: date) -> dict[str, str]:
    """Kind → name of the blanks that items print on now."""
    return _kinds[-1](today) if _kinds else {}


def blank_kinds_from(ask: Kinds) -> None:
    """Called once, by the composition root: the items know what they are printed on."""
    _kinds[:] = [ask]


def licence_kinds(today: date) -> dict[str, str]:
    """Licence kind → what the items in force call it that need not be handed in where held."""
    return _licences[-1](today) if _licences else {}


def licence_kinds_from(ask: Kinds) -> None:
    """Called once, by the composition root."""
    _licences[:] = [ask]
