"""Sessions in the database, read by a statement made once: every request reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

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
