"""The door of `cases` for other apps."""

from yiwang.apps.cases.corrections import corrections_by_item
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.filed import CaseFile, applicant_of, ended_file
from yiwang.apps.cases.following import (
    ConcludedCase,
    DecidedCase,
    ItemOfCase,
    OpenApplication,
    OwnCaseFacts,
    case_of_own_side,
    cases_that_keep_open,
    concluded_cases,
    decided_case,
    handlers_of,
    is_undecided,
    items_of_cases,
    latest_decisions,
    open_applications,
    who_handled,
)
from yiwang.apps.cases.identifying import TooManyTriesError, case_by_code, case_by_number
from yiwang.apps.cases.models import GreenChannel, HelpKind
from yiwang.apps.cases.operations.helped import Help, Helped
from yiwang.apps.cases.operations.helping import note_help
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
    "CaseFile",
    "CaseNotFoundError",
    "ConcludedCase",
    "DecidedCase",
    "DueCounts",
    "GreenChannel",
    "Help",
    "HelpKind",
    "Helped",
    "InvalidInputError",
    "ItemOfCase",
    "OpenApplication",
    "OwnCaseFacts",
    "Span",
    "TooManyTriesError",
    "WatchedCase",
    "WatchedClock",
    "WatchedStep",
    "applicant_of",
    "case_by_code",
    "case_by_number",
    "case_facts",
    "case_of_own_side",
    "cases_that_keep_open",
    "concluded_cases",
    "corrections_by_item",
    "decided_case",
    "due_counts",
    "ended_file",
    "handlers_of",
    "is_undecided",
    "items_of_cases",
    "latest_decisions",
    "note_help",
    "open_applications",
    "strip_of_case",
    "supervised",
    "watch",
    "watched_batches",
    "who_handled",
]
