"""The door of `cases` for other apps."""

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
    "DueCounts",
    "Span",
    "WatchedCase",
    "WatchedClock",
    "WatchedStep",
    "case_facts",
    "due_counts",
    "strip_of_case",
    "supervised",
    "watch",
    "watched_batches",
]
