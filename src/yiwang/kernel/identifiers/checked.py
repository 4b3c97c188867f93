"""What a check of an identifier returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong or odd: a stable code for programs, a Chinese sentence for people.

    Messages never repeat the value: they end up in logs and on shared screens.
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The normalised value with what was found in it."""

    value: str
    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def is_valid(self) -> bool:
        """No errors; there may be warnings."""
        return not self.errors

    def found(self, code: str) -> bool:
        """Whether a finding of this code is among the errors or warnings."""
        return any(finding.code == code for finding in self.errors + self.warnings)


class MalformedError(ValueError):
    """Raised by ``parse`` and ``compose``; ``checked`` holds every finding."""

    def __init__(self, checked: Checked) -> None:
        super().__init__("；".join(finding.message for finding in checked.errors))
        self.checked = checked


def require_valid(checked: Checked) -> str:
    """The normalised value. Raises MalformedError when there are errors."""
    if checked.errors:
        raise MalformedError(checked)
    return checked.value


def fail(value: str, code: str, message: str) -> Checked:
    """A check that ended at its first error."""
    return Checked(value, (Finding(code, message),))
