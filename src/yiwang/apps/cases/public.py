"""The door of `cases` for other apps."""

from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.following import (
    DecidedCase,
    ItemOfCase,
    OpenApplication,
    OwnCaseFacts,
    case_of_own_side,
    decided_case,
    is_undecided,
    items_of_cases,
    latest_decisions,
    open_applications,
    who_handled,
)
from yiwang.apps.cases.identifying import TooManyTriesError, case_by_code, case_by_number
from yiwang.apps.cases.queries import CaseFacts, case_facts
from yiwang.apps.cases.watching import (
    DueCounts,
    Span,
    WatchedCase,
    WatchedClock,
    WatchedStep,
    due_counts,
    strip_of_case,
    supervised,
    watch,
    watched_batches,
)

__all__ = [
    "CaseFacts",
    "CaseNotFoundError",
    "DecidedCase",
    "DueCounts",
    "ItemOfCase",
    "OpenApplication",
    "OwnCaseFacts",
    "Span",
    "TooManyTriesError",
    "WatchedCase",
    "WatchedClock",
    "WatchedStep",
    "case_by_code",
    "case_by_number",
    "case_facts",
    "case_of_own_side",
    "decided_case",
    "due_counts",
    "is_undecided",
    "items_of_cases",
    "latest_decisions",
    "open_applications",
    "strip_of_case",
    "supervised",
    "watch",
    "watched_batches",
    "who_handled",
]
