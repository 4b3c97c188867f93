"""When a case has ended, its package is made some days later, when nothing is expected any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from yiwang.apps.archives.domain.parameters import AFTER_DAYS
from yiwang.apps.archives.errors import NotEndedError, NotNowError
from yiwang.apps.archives.operations.making import make
from yiwang.foundation.access import system_actor
from yiwang.foundation.parameters.current import parameter
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.moment import civil_date

DUE = "archives.due"


def on_ended(event: Any, at: datetime) -> None:
    """So many natural days after the end (a parameter) the package is made."""
    days = parameter(AFTER_DAYS, on=civil_date(at)).value
    set_timers(f"case:{event.case_id}", {DUE: at + timedelta(days=days)})


def due(subject: str, at: datetime) -> None:
    """Make it; a case whose papers are still being made is looked at again tomorrow."""
    try:
        make(case_id=int(subject.removeprefix("case:")), actor=system_actor("archive"), at=at)
    except NotEndedError:
        return
    except NotNowError:
        set_timers(subject, {DUE: at + timedelta(days=1)})
