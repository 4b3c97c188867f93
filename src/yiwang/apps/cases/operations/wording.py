"""What a person has to write, asked for in one way."""

from __future__ import annotations

from yiwang.apps.cases.errors import InvalidInputError


def too_short(*wanted: tuple[str, str, int, str]) -> dict[str, str]:
    """(field, text, least number of characters, what to do) → the fields that are too short."""
    return {name: message for name, text, least, message in wanted if len(text.strip()) < least}


def require_texts(*wanted: tuple[str, str, int, str]) -> None:
    """Raises InvalidInputError with every field of `wanted` that is too short."""
    if problems := too_short(*wanted):
        raise InvalidInputError(problems)
