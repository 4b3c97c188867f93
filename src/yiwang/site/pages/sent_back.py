"""Proposals that the second person sent back: who proposed learns why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet

from yiwang.apps.people.duty import account_labels
from yiwang.foundation.ruling.models import Proposed
from yiwang.foundation.shell.dates import cn_datetime

SHOWN = 10
P = TypeVar("P", bound=Proposed)


def sent_back(rows: QuerySet[P], words: Callable[[P], str]) -> dict[str, Any] | None:
    """The table of the last ones, newest first; None where nothing was sent back. Two statements
    at most; `words` says what was proposed."""
    found = list(rows.exclude(dropped_by="").order_by("-settled_at")[:SHOWN])
    if not found:
        return None
    people = account_labels({row.dropped_by for row in found})
    return {
        "caption": "退回的变更",
        "columns": [{"label": c} for c in ("提出的变更", "退回的理由", "提出", "退回")],
        "rows": [
            {
                "cells": [
                    words(row),
                    row.dropped_reason,
                    {"text": row.proposed_by_label, "note": cn_datetime(row.proposed_at)},
                    {
                        "text": people.get(row.dropped_by, row.dropped_by),
                        "note": cn_datetime(row.settled_at) if row.settled_at else "",
                    },
                ]
            }
            for row in found
        ],
    }
