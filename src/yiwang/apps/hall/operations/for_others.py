"""A clerk books for somebody who stands at the window or calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from yiwang.apps.hall.domain.vocabulary import BookedVia
from yiwang.apps.hall.errors import InvalidActError
from yiwang.apps.hall.models import Appointment
from yiwang.apps.hall.operations.booking import Wish, book
from yiwang.apps.hall.permissions import BOOK
from yiwang.apps.people.public import Shown, identify
from yiwang.foundation.access import Actor


@transaction.atomic
def book_for(
    *, zone_id: int, who: Shown, wish: Wish, via: str, actor: Actor, at: datetime
) -> Appointment:
    """As `book`, for whoever has this paper; somebody new is registered with their name.

    Raises InvalidPartyError, InvalidActError, NotNowError, HallNotFoundError, AccessDeniedError.
    """
    actor.require(BOOK)
    if via not in (BookedVia.WINDOW, BookedVia.PHONE):
        raise InvalidActError({"via": "请选择是到窗口来的,还是打电话来的。"})
    party = identify(who, actor=actor, at=at)
    wish = replace(wish, party_id=party.pk)
    return book(zone_id=zone_id, wish=wish, actor=actor, at=at, via=BookedVia(via))
