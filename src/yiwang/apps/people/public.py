"""The door of `people` for other apps."""

from yiwang.apps.people.domain.vocabulary import AreaLevel, OrganKind, PartyKind
from yiwang.apps.people.duty import (
    DutyPost,
    OnDuty,
    absences_of,
    account_labels,
    account_ref,
    colleagues,
    deputies_for,
    on_duty,
    organs_in_area,
    parties_named,
)
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
from yiwang.apps.people.operations import (
    InvalidAbsenceError,
    InvalidPartyError,
    end_absence,
    register_absence,
    register_party,
    unmask,
)
from yiwang.apps.people.permissions import FIND_PARTY, MANAGE_CALENDAR, UNMASK
from yiwang.apps.people.queries import (
    find_party_by_paper,
    organ_by_slug,
    represented_by,
)

__all__ = [
    "FIND_PARTY",
    "MANAGE_CALENDAR",
    "UNMASK",
    "Account",
    "Area",
    "AreaLevel",
    "Disclosure",
    "DutyPost",
    "Hall",
    "InvalidAbsenceError",
    "InvalidPartyError",
    "OnDuty",
    "Organ",
    "OrganKind",
    "Party",
    "PartyKind",
    "Post",
    "Representation",
    "Role",
    "Window",
    "absences_of",
    "account_labels",
    "account_ref",
    "colleagues",
    "deputies_for",
    "end_absence",
    "find_party_by_paper",
    "on_duty",
    "organ_by_slug",
    "organs_in_area",
    "parties_named",
    "register_absence",
    "register_party",
    "represented_by",
    "unmask",
]
