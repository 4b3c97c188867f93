"""A session that cannot be saved: deleted meanwhile, or the database went away."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import OperationalError

from yiwang.site.sessions import SessionStore

pytestmark = pytest.mark.django_db


class Cut(SessionStore):
    """Its row's connection is cut in the midst of saving."""

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)

        def save(**how: Any) -> None:
            raise OperationalError("server closed the connection unexpectedly")

        row.save = save
        return row


def kept() -> SessionStore:
    store = SessionStore()
    store["seen"] = 1
    store.save()
    return store


def test_a_database_that_went_away_is_told_as_itself() -> None:
    cut = Cut(kept().session_key)
    cut["seen"] = 2
    with pytest.raises(OperationalError, match="closed the connection"):
        cut.save()


def test_a_session_that_was_deleted_meanwhile_is_told_as_that() -> None:
    store = kept()
    Session.objects.filter(session_key=store.session_key).delete()
    with pytest.raises(UpdateError):
        store.save()
