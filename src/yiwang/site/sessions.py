"""Sessions in the database, read by a statement made once: every request reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError

from yiwang.foundation.statements import Statement

_SESSION = Statement(
    lambda key: Session.objects.filter(session_key=key).extra(where=["expire_date > now()"]), str
)


class SessionStore(db.SessionStore):
    """The framework's store; an expired session is none."""

    def _get_session_from_db(self) -> Any:
        found = _SESSION.first(self.session_key)
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> None:
        """A database that went away is a fault of ours (5xx, the caller tries again). The
        framework tells it as a session that was deleted, with 400: found once in a thousand
        kills, where a whole answer was lost by it."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from error
            raise
