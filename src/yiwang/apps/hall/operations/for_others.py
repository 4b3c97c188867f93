"""A clerk books for somebody who stands at the window or calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from yiwang.apps.hall.domain.vocabulary import BookedVia
from yiwang.apps.hall.errors import InvalidActError
from yiwang.apps.hall.models import Appointment
from yiwang.apps.hall.operations.booking import Wish, book
from yiwang.apps.hall.permissions import BOOK
from yiwang.apps.people.public import (
    InvalidPartyError,
    Party,
    PartyKind,
    find_party_by_paper,
    register_party,
)
from yiwang.foundation.access import Actor
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind


@dataclass(frozen=True, slots=True)
class Paper:
    """Who it is for, by their paper; the name only where they are new."""

    kind: str
    number: str
    name: str


@transaction.atomic
def book_for(
    *, zone_id: int, who: Paper, wish: Wish, via: str, actor: Actor, at: datetime
) -> Appointment:
    """As `book`, for whoever has this paper; somebody new is registered with their name.

    Raises InvalidActError, NotNowError, HallNotFoundError, AccessDeniedError.
    """
    actor.require(BOOK)
    if via not in (BookedVia.WINDOW, BookedVia.PHONE):
        raise InvalidActError({"via": "请选择是到窗口来的,还是打电话来的。"})
    party = _party(who, actor, at)
    wish = replace(wish, party_id=party.pk)
    return book(zone_id=zone_id, wish=wish, actor=actor, at=at, via=BookedVia(via))


def _party(who: Paper, actor: Actor, at: datetime) -> Party:
    if who.kind not in PaperKind.__members__:
        raise InvalidActError({"paper_kind": "请选择证件类型。"})
    kind = PaperKind(who.kind)
    checked = papers.check(kind, who.number)
    if not checked.is_valid:
        raise InvalidActError({"paper_number": checked.errors[0].message})
    found = find_party_by_paper(kind, checked.value)
    if found is not None and not who.name.strip():
        return found
    is_organisation = kind is PaperKind.USCC
    try:
        return register_party(
            kind=PartyKind.ENTERPRISE if is_organisation else PartyKind.NATURAL_PERSON,
            name=who.name,
            paper_kind=kind,
            paper_number=checked.value,
            actor=actor,
            at=at,
        )
    except InvalidPartyError as error:
        words = "这个证件没有登记过,请填写证件上的姓名或名称。"
        raise InvalidActError(
            {error.field: error.message if who.name.strip() else words}
        ) from error
