"""One posted act, as the performers read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.datastructures import MultiValueDict

from yiwang.apps.cases.pages.staff_fields import version_of
from yiwang.foundation.access import Actor


@dataclass(frozen=True, slots=True)
class Posted:
    """One posted act: the case, what was typed, by whom and when, on which version."""

    case_id: int
    data: Any
    files: MultiValueDict
    actor: Actor
    at: datetime

    def text(self, name: str) -> str:
        return str(self.data.get(name, "")).strip()

    def texts(self, *names: str) -> dict[str, Any]:
        return {name: self.text(name) for name in names}

    @property
    def who(self) -> dict[str, Any]:
        """The arguments every operation takes."""
        return {
            "case_id": self.case_id,
            "actor": self.actor,
            "at": self.at,
            "version": version_of(self.data),
        }


Perform = Callable[[Posted], object]
