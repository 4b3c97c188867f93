"""A case by what its holder has in hand: its number, or its number and query code."""

from __future__ import annotations

from yiwang.apps.cases.guessing import count_wrong, is_blocked
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations.filing import is_query_code
from yiwang.apps.cases.queries import CaseFacts, facts_of
from yiwang.kernel.numbering import NumberingError, parse_short_number


class TooManyTriesError(Exception):
    """This number met too many wrong codes within the hour."""


def case_by_number(number: str) -> CaseFacts | None:
    """By short number alone: for who may see it anyway, which the caller asks."""
    try:
        wanted = parse_short_number(number).text
    except NumberingError:
        return None
    case = Case.objects.filter(short_number=wanted).first()
    return facts_of(case) if case is not None else None


def case_by_code(number: str, code: str) -> CaseFacts | None:
    """The case with this number, if the code is its own; a wrong one is counted against the number,
    wherever it was tried. Outside a transaction. Raises TooManyTriesError."""
    if is_blocked(number):
        raise TooManyTriesError
    try:
        wanted = parse_short_number(number).text
    except NumberingError:
        wanted = ""
    case = Case.objects.filter(short_number=wanted).first() if wanted else None
    if case is None or not is_query_code(case, code):
        count_wrong(number)
        return None
    return facts_of(case)
