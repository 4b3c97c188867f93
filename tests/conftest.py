"""The demonstration city in every test database, and a fixed Monday morning."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import HealthCheck, settings

# A loaded machine is not a wrong answer: no deadlines. The same examples on every run, so that a
# red build can be repeated; YIWANG_EXPLORE=1 looks for new ones.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("YIWANG_EXPLORE") != "1",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


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
