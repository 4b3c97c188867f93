"""When a case has ended, its package is made some days later, when nothing is expected any more."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

from yiwang.apps.archives.errors import NotEndedError, NotNowError
from yiwang.apps.archives.operations.making import make
from yiwang.foundation.access import system_actor
from yiwang.foundation.environment import whole_number
from yiwang.foundation.timers.sweep import set_timers

DUE = "archives.due"


def days_waited() -> int:
    """Natural days between the end of a case and its package (YIWANG_ARCHIVE_AFTER_DAYS).

    Raises DeploymentError.
    """
    return whole_number(os.environ, "YIWANG_ARCHIVE_AFTER_DAYS", 15, least=0)


def on_ended(event: Any, at: datetime) -> None:
    set_timers(f"case:{event.case_id}", {DUE: at + timedelta(days=days_waited())})


def due(subject: str, at: datetime) -> None:
    """Make it; a case whose papers are still being made is looked at again tomorrow."""
    try:
        make(case_id=int(subject.removeprefix("case:")), actor=system_actor("archive"), at=at)
    except NotEndedError:
        return
    except NotNowError:
        set_timers(subject, {DUE: at + timedelta(days=1)})
