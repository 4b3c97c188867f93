"""The demonstration city in every test database, and a fixed Monday morning."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, settings

from yiwang.foundation.ruling import remembering

# A loaded machine is not a wrong answer: no deadlines. The same examples on every run, so that a
# red build can be repeated; YIWANG_EXPLORE=1 looks for new ones.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("YIWANG_EXPLORE") != "1",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def looked_at_once() -> None:
    """What is kept per process is looked at again every few seconds: of two pages that a test
    counts the statements of, now one would pay for it and now the other. Here nothing is looked
    at again before somebody says so."""
    from yiwang.foundation.calendars import current as calendars

    remembering.CHECK_EVERY = calendars.CHECK_EVERY = math.inf


def _remembered() -> tuple[object, ...]:
    from yiwang.foundation.calendars import current as calendars

    kept = calendars._calendar
    return (kept.version if kept else None, *(one.current for one in remembering._all))


@pytest.fixture(autouse=True)
def remembered_alike() -> Iterator[None]:
    """What a test ruled is rolled back: no later one may still read it."""
    before = _remembered()
    yield
    if _remembered() != before:
        from yiwang.foundation.calendars import current as calendars

        calendars.forget()
        for one in remembering._all:
            one.forget()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """The test database with the demonstration city in it, loaded once per worker."""
    from yiwang.site.demonstration.loading import load_demonstration
    from yiwang.site.grants import grant_application
    from yiwang.site.preparing import prepare_all

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        grant_application()
        prepare_all()
        load_demonstration(lambda text: None)
    yield


@pytest.fixture
def at() -> datetime:
    """A Monday morning: Monday 2 March 2026, 09:30."""
    from yiwang.kernel.moment import BEIJING

    return datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)
