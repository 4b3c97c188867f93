"""The door of `people` for other apps."""

from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind, PartyKind
from yiwang.apps.people.models import (
    Account,
    Area,
    Disclosure,
    Hall,
    Organ,
    Party,
    Post,
    Representation,
    Role,
    Window,
)
from yiwang.apps.people.operations import InvalidPartyError, register_party, unmask
from yiwang.apps.people.permissions import FIND_PARTY, UNMASK
from yiwang.apps.people.queries import (
    find_party_by_paper,
    organ_by_slug,
    represented_by,
)

__all__ = [
    "FIND_PARTY",
    "UNMASK",
    "Account",
    "Area",
    "AreaLevel",
    "Disclosure",
    "Hall",
    "InvalidPartyError",
    "Organ",
    "OrganKind",
    "Party",
    "PartyKind",
    "Post",
    "Representation",
    "Role",
    "Window",
    "find_party_by_paper",
    "organ_by_slug",
    "register_party",
    "represented_by",
    "unmask",
]
