"""The door of `people` for other apps."""

from yiwang.apps.people.acting_for import note_use, note_use_at_window
from yiwang.apps.people.authorisations import (
    Served,
    authorisation_in_force,
    is_agent_today,
    left_since,
    served_by,
    stands_today,
)
from yiwang.apps.people.authority_models import Authorisation
from yiwang.apps.people.authority_terms import (
    AuthorityError,
    AuthorityNotFoundError,
    InvalidTermsError,
)
from yiwang.apps.people.crediting import NOT_OFFERED, is_unrepaired
from yiwang.apps.people.domain.authority import MandateAct
from yiwang.apps.people.domain.places import PlaceKind
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
    staff_of_hall,
)
from yiwang.apps.people.handing_over import (
    InvalidHandoverError,
    RosterPost,
    end_handover,
    hand_over,
    handovers_of,
    receivers_of,
    roster,
)
from yiwang.apps.people.handing_over import Term as HandoverTerm
from yiwang.apps.people.identifying import Shown, identify
from yiwang.apps.people.item_register import Offered, items_from
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
    disclose,
    end_absence,
    register_absence,
    register_party,
    unmask,
)
from yiwang.apps.people.permissions import FIND_PARTY, MANAGE_CALENDAR, UNMASK
from yiwang.apps.people.places.closing import Blocker, blockers_from
from yiwang.apps.people.places.residency import ResidentHall, residency
from yiwang.apps.people.queries import (
    organ_by_slug,
)
from yiwang.apps.people.reindexing import align_authorisations, align_parties, stale_indexes
from yiwang.apps.people.signing_in import note as note_security
from yiwang.apps.people.standing import standing_in

__all__ = [
    "FIND_PARTY",
    "MANAGE_CALENDAR",
    "NOT_OFFERED",
    "UNMASK",
    "Account",
    "Area",
    "AreaLevel",
    "Authorisation",
    "AuthorityError",
    "AuthorityNotFoundError",
    "Blocker",
    "Disclosure",
    "DutyPost",
    "Hall",
    "HandoverTerm",
    "InvalidAbsenceError",
    "InvalidHandoverError",
    "InvalidPartyError",
    "InvalidTermsError",
    "MandateAct",
    "Offered",
    "OnDuty",
    "Organ",
    "OrganKind",
    "Party",
    "PartyKind",
    "PlaceKind",
    "Post",
    "Representation",
    "ResidentHall",
    "Role",
    "RosterPost",
    "Served",
    "Shown",
    "Window",
    "absences_of",
    "account_labels",
    "account_ref",
    "align_authorisations",
    "align_parties",
    "authorisation_in_force",
    "blockers_from",
    "colleagues",
    "deputies_for",
    "disclose",
    "end_absence",
    "end_handover",
    "hand_over",
    "handovers_of",
    "identify",
    "is_agent_today",
    "is_unrepaired",
    "items_from",
    "left_since",
    "note_security",
    "note_use",
    "note_use_at_window",
    "on_duty",
    "organ_by_slug",
    "organs_in_area",
    "parties_named",
    "receivers_of",
    "register_absence",
    "register_party",
    "residency",
    "roster",
    "served_by",
    "staff_of_hall",
    "stale_indexes",
    "standing_in",
    "stands_today",
    "unmask",
]
