"""The door of `cases` for other apps."""

from yiwang.apps.cases.queries import CaseFacts, case_facts

__all__ = ["CaseFacts", "case_facts"]
