"""The demonstration city in every test database, and a fixed Monday morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest


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
