"""What a form is asked with: the case, who acts, what was typed already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.cases.pages.staff_fields import Errors, Field, field
from yiwang.apps.cases.queries import WholeCase
from yiwang.foundation.access import Actor

UNITS = (("wd", "个工作日"), ("d", "个自然日"), ("mon", "个月"))


@dataclass(frozen=True, slots=True)
class Asking:
    """The case an act is about, who acts, what was typed already and what to mend in it."""

    whole: WholeCase
    actor: Actor
    of: str
    typed: Any
    errors: Errors
    at: datetime

    def field(self, name: str, label: str, default: object = "", **more: Any) -> Field:
        """A field with what was typed, else its default."""
        if name in self.typed:
            many = more.get("kind") == "checkboxes"
            value = self.typed.getlist(name) if many else self.typed.get(name)
        else:
            value = default
        error = self.errors.get(name.removeprefix("file-"), "")
        return field(name, label, of=self.of, value=value, error=error, **more)

    def text(self, name: str, label: str, default: str = "", **more: Any) -> Field:
        return self.field(name, label, default, kind="textarea", **({"rows": 3} | more))
