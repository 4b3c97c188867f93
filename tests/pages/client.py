"""A browser without scripts that is signed in as one of the demonstration's people."""

from __future__ import annotations

from django.test import Client

from yiwang.apps.people.models import Account
from yiwang.foundation.clockwork import now, offset


def signed_in(login: str) -> Client:
    """A client whose session is that account's, as after signing in."""
    client = Client()
    account = Account.objects.get(login=login)
    session = client.session
    session["account"] = account.pk
    session["mark"] = account.password[-16:]
    session["seen"] = (now() - offset()).timestamp()
    session["second_factor"] = False
    session.save()
    return client
