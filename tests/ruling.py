"""A parameter ruled for a test, and the cache emptied around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.acting import actor
from yiwang.foundation.parameters.changing import Wanted, confirm, propose
from yiwang.foundation.parameters.current import forget
from yiwang.foundation.parameters.models import ParameterProposal, ParameterValue
from yiwang.kernel.moment import start_of_day


@pytest.fixture
def forgetting() -> Iterator[None]:
    """What the test rules is rolled back: no later test may still read it."""
    forget()
    yield
    forget()


def wanted(value: int | None, valid_from: date | None, **more: str) -> Wanted:
    texts = {"source": "本市 12 号文", "article": "第三条", "reason": "压缩时限", **more}
    return Wanted(value=value, valid_from=valid_from, **texts)


def proposed(code: str, value: int, *, valid_from: date, at: datetime) -> ParameterProposal:
    terms = wanted(value, valid_from)
    return propose(code=code, wanted=terms, actor=actor("zhu-system", at), at=at)


def ruled(code: str, value: int, *, valid_from: date) -> ParameterValue:
    """Proposed and confirmed on the day before."""
    at = start_of_day(valid_from) - timedelta(hours=8)
    row = proposed(code, value, valid_from=valid_from, at=at)
    found = confirm(proposal_id=row.pk, actor=actor("qin-security", at), at=at)
    forget()
    return found
