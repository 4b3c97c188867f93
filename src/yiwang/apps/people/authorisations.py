"""Reads of authorisations: given, received, one whole with what was done by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Subquery,
)

from yiwang.apps.people.authorising import is_agent, is_principal
from yiwang.apps.people.authority_models import Authorisation, AuthorisationUse, Guardianship
from yiwang.apps.people.authority_terms import AuthorityNotFoundError
from yiwang.apps.people.domain.authority import AuthorisationState, GuardianshipState, MandateAct
from yiwang.apps.people.models import Party, Representation
from yiwang.apps.people.queries import stood_for
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, Slice, page
from yiwang.kernel.moment import civil_date

GIVEN = Listing(
    "people_authorisation", "principal_id", "bigint", (("id", "bigint"),), descending=True
)
RECEIVED = Listing(
    "people_authorisation", "agent_paper_index", "bytea", (("id", "bigint"),), descending=True
)
USES = Listing(
    "people_authorisationuse", "authorisation_id", "bigint", (("id", "bigint"),), descending=True
)
OPEN, ENDED = "t.state IN ('PROPOSED', 'CONFIRMED')", "t.state IN ('REVOKED', 'EXPIRED')"


@dataclass(frozen=True, slots=True)
class AuthorisationPage:
    rows: list[Authorisation]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class WholeAuthorisation:
    """One authorisation as the reader sees it, with what was done by it, newest first."""

    row: Authorisation
    is_principal: bool
    uses: list[AuthorisationUse]
    next_cursor: str | None


def _rows(found: Slice) -> AuthorisationPage:
    rows = Authorisation.objects.select_related("principal").in_bulk(found.keys)
    return AuthorisationPage([rows[k] for k in found.keys if k in rows], found.next_cursor)


def given(
    *, parties: list[int], is_ended: bool = False, after: str | None = None, size: int = 20
) -> AuthorisationPage:
    """By these parties, newest first; two statements."""
    where = ENDED if is_ended else OPEN
    return _rows(page(GIVEN, scopes=parties, where=where, after=after, size=size))


def received(
    *, party_id: int, is_ended: bool = False, after: str | None = None, size: int = 20
) -> AuthorisationPage:
    """Naming this person, newest first; one that was never confirmed was never given."""
    person = Party.objects.only("paper_kind", "paper_index", "name_index").get(pk=party_id)
    state = ENDED if is_ended else "t.state = 'CONFIRMED'"
    found = page(
        RECEIVED,
        scopes=[bytes(person.paper_index)],
        where=f"{state} AND t.confirmed_at IS NOT NULL AND t.agent_paper_kind = %s "
        "AND t.agent_name_index = %s",
        parameters=[person.paper_kind, bytes(person.name_index)],
        after=after,
        size=size,
    )
    return _rows(found)


def whole_authorisation(
    authorisation_id: int, *, actor: Actor, at: datetime, after: str | None = None
) -> WholeAuthorisation:
    """For the principal or the agent; for anybody else AuthorityNotFoundError."""
    row = Authorisation.objects.select_related("principal").filter(pk=authorisation_id).first()
    if row is None:
        raise AuthorityNotFoundError
    principal = is_principal(row, actor, today=civil_date(at))
    if not principal and (row.confirmed_at is None or not is_agent(row, actor)):
        raise AuthorityNotFoundError
    found = page(USES, scopes=[row.pk], after=after, size=20)
    uses = AuthorisationUse.objects.in_bulk(found.keys)
    return WholeAuthorisation(
        row, principal, [uses[key] for key in found.keys if key in uses], found.next_cursor
    )


def to_review(parties: list[int]) -> int:
    """How many of an old legal representative's wait for the new one; one statement."""
    return Authorisation.objects.filter(
        principal_id__in=parties,
        state=AuthorisationState.CONFIRMED,
        review_since__isnull=False,
    ).count()


def standing(row: Authorisation, *, at: datetime) -> tuple[str, str]:
    """The state in a word and its tone: by the dates, whether or not the clock's tidying came."""
    today = civil_date(at)
    match row.state:
        case AuthorisationState.PROPOSED:
            late = row.code_until is None or at > row.code_until
            return ("没有确认", "neutral") if late else ("待您确认", "warning")
        case AuthorisationState.CONFIRMED if row.valid_until < today:
            return "已到期", "neutral"
        case AuthorisationState.CONFIRMED if row.valid_from > today:
            return "已确认,还没到开始日期", "info"
        case AuthorisationState.CONFIRMED:
            return "有效", "success"
    return row.get_end_display(), "neutral"


def stands_today(person_id: int, party_id: int, *, at: datetime) -> bool:
    """True where the person represents this organisation, or is this child's guardian, today."""
    today = civil_date(at)
    return (
        Representation.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            organisation_id=party_id,
            person_id=person_id,
            valid_from__lte=today,
        ).exists()
        or Guardianship.objects.filter(
            child_id=party_id,
            guardian_id=person_id,
            state=GuardianshipState.CONFIRMED,
            valid_until__gte=today,
        ).exists()
    )


def _naming(person_id: int, principal_id: int) -> QuerySet[Authorisation]:
    """The principal's authorisations that name this person, by paper and name."""
    return Authorisation.objects.filter(
        principal_id=principal_id,
        agent_paper_kind=Subquery(Party.objects.filter(pk=person_id).values("paper_kind")),
        agent_paper_index=Subquery(Party.objects.filter(pk=person_id).values("paper_index")),
        agent_name_index=Subquery(Party.objects.filter(pk=person_id).values("name_index")),
    )


def _for_item(person_id: int, principal_id: int, item_code: str) -> QuerySet[Authorisation]:
    return _naming(person_id, principal_id).filter(
        Q(is_for_all=True) | Q(items__contains=[item_code]), state=AuthorisationState.CONFIRMED
    )


def for_item_today(
    person_id: int, principal_id: int, item_code: str, *, at: datetime
) -> QuerySet[Authorisation]:
    """Those of this person by the principal for the item that are in force, oldest first."""
    on = civil_date(at)
    found = _for_item(person_id, principal_id, item_code)
    return found.filter(valid_from__lte=on, valid_until__gte=on).order_by("id")


def authorisation_in_force(
    person_id: int, principal_id: int, item_code: str, *, at: datetime
) -> Authorisation | None:
    """The authorisation of this person by the principal for the item, today."""
    return for_item_today(person_id, principal_id, item_code, at=at).first()


def is_agent_today(
    person_id: int, principal_id: int, item_code: str, *, at: datetime | None = None
) -> bool:
    """True where an authorisation for the item is in force; without `at` where one was confirmed
    and neither taken back nor run out."""
    if at is None:
        return _for_item(person_id, principal_id, item_code).exists()
    return authorisation_in_force(person_id, principal_id, item_code, at=at) is not None


def left_since(person_id: int, party_id: int, since: datetime) -> bool:
    """True where the party took a right of this person's back after an instant."""
    return (
        Representation.objects.filter(
            organisation_id=party_id, person_id=person_id, ended_at__gte=since
        ).exists()
        or _naming(person_id, party_id)
        .filter(state=AuthorisationState.REVOKED, confirmed_at__isnull=False, ended_at__gte=since)
        .exists()
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A party for whom a person at a counter may file: by standing (`until` None: a representative
    or guardian), or as an agent until a day for these items (None: every item)."""

    party: Party
    until: date | None = None
    items: frozenset[str] | None = None


def served_by(person: Party, *, at: datetime, act: MandateAct) -> list[Served]:
    """For whom else this person may do the act today: one statement.

    An agent by paper and name of the person, who stands here with the paper. Whom they represent
    comes once, and no authorisation narrows it.
    """
    today = civil_date(at)
    mandate = FilteredRelation(
        "authorisations",
        condition=Q(
            authorisations__agent_paper_kind=person.paper_kind,
            authorisations__agent_paper_index=bytes(person.paper_index),
            authorisations__agent_name_index=bytes(person.name_index),
            authorisations__acts__contains=[act.value],
            authorisations__state=AuthorisationState.CONFIRMED,
            authorisations__valid_from__lte=today,
            authorisations__valid_until__gte=today,
        ),
    )
    organisations, children = stood_for(person, at=at)
    own = Q(pk__in=organisations) | Q(pk__in=children)
    rows = (
        Party.objects.annotate(mandate=mandate, is_own=ExpressionWrapper(own, BooleanField()))
        .filter(Q(is_own=True) | Q(mandate__isnull=False))
        .annotate(until=F("mandate__valid_until"), some=F("mandate__items"))
        .annotate(every=F("mandate__is_for_all"))
        .order_by("-is_own", "id", "mandate__id")
    )
    found: dict[int, list[Served]] = {}
    for row in rows:
        if row.is_own:
            found.setdefault(row.pk, [Served(row)])
        else:
            items = None if row.every else frozenset(row.some)
            found.setdefault(row.pk, []).append(Served(row, row.until, items))
    return [one for several in found.values() for one in several]
