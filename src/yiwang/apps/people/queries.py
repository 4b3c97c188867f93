"""Reads: the actor behind an account, parties by paper, organs and areas."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from yiwang.apps.people.domain.authority import AuthorisationState, GuardianshipState
from yiwang.apps.people.models import (
    Account,
    Guardianship,
    Organ,
    Party,
    PostHolding,
    Representation,
)
from yiwang.foundation.access import Actor, Mandate, Posting
from yiwang.foundation.secrets import keyring
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date

# One statement for everything an act needs to know of its actor. A deputy's post counts only
# while a holder of it is absent: an absent approver never stops a window (S0: 收单被拒).
_ACTOR = """
    SELECT a.id, a.label, a.party_id, a.is_staff, a.is_demo, a.password,
           a.second_factor IS NOT NULL,
           COALESCE((
               SELECT json_agg(json_build_array(
                   p.id, p.name, r.code, r.permissions, o.id, o.short_name, p.area_id,
                   w.hall_id, h.is_deputy, w.id, w.package) ORDER BY p.id)
               FROM people_postholding h
               JOIN people_post p ON p.id = h.post_id
               JOIN people_role r ON r.code = p.role_id
               JOIN people_organ o ON o.id = p.organ_id
               LEFT JOIN people_window w ON w.id = p.window_id
               WHERE h.account_id = a.id AND h.valid_from <= %(today)s
                 AND (h.valid_until IS NULL OR h.valid_until >= %(today)s)
                 AND (NOT h.is_deputy OR EXISTS (
                     SELECT 1 FROM people_postholding other
                     JOIN people_absence b ON b.account_id = other.account_id
                     WHERE other.post_id = h.post_id AND NOT other.is_deputy
                       AND b.starts_at <= %(at)s AND b.ends_at > %(at)s)
                   OR EXISTS (
                     SELECT 1 FROM people_handover x
                     WHERE x.post_id = h.post_id AND x.receiver_id = a.id
                       AND x.starts_at <= %(at)s AND x.ends_at > %(at)s))
           ), '[]'::json),
           COALESCE((
               SELECT json_agg(party) FROM (
                   SELECT r.organisation_id FROM people_representation r
                   WHERE r.person_id = a.party_id AND r.valid_from <= %(today)s
                     AND (r.valid_until IS NULL OR r.valid_until >= %(today)s)
                   UNION
                   SELECT g.child_id FROM people_guardianship g
                   WHERE g.guardian_id = a.party_id AND g.state = 'CONFIRMED'
                     AND g.valid_until >= %(today)s
               ) AS stands (party)
           ), '[]'::json),
           COALESCE((
               SELECT json_agg(json_build_array(
                   x.id, x.principal_id, x.is_for_all, x.items, x.acts, x.valid_from,
                   x.valid_until, x.state, x.ended_at) ORDER BY x.id)
               FROM people_party me
               JOIN people_authorisation x ON x.agent_paper_index = me.paper_index
                AND x.agent_paper_kind = me.paper_kind AND x.agent_name_index = me.name_index
               WHERE me.id = a.party_id
                 AND (x.state = 'REVOKED' AND x.confirmed_at IS NOT NULL
                      OR x.state = 'CONFIRMED' AND x.valid_from <= %(today)s
                     AND x.valid_until >= %(today)s)
           ), '[]'::json),
           COALESCE((
               SELECT json_agg(json_build_array(r.organisation_id, r.ended_at))
               FROM people_representation r
               WHERE r.person_id = a.party_id AND r.ended_at IS NOT NULL
           ), '[]'::json),
           a.must_change_password
    FROM people_account a WHERE a.id = %(account)s AND a.is_active
"""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account's actor with what a session must check about the account."""

    actor: Actor
    has_second_factor: bool
    is_demo: bool
    password_mark: str
    must_change_password: bool = False


def load_actor(account_id: int, *, at: datetime) -> SignedIn | None:
    """The actor of an active account with its present posts; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, {"account": account_id, "at": at, "today": civil_date(at)})
        row = cursor.fetchone()
    if row is None:
        return None
    posts, represented, authorised, resigned = (
        json.loads(c) if isinstance(c, str) else c for c in row[7:11]
    )
    ended = [(x[1], x[8]) for x in authorised if x[7] == AuthorisationState.REVOKED] + resigned
    actor = Actor(
        ref=f"account:{row[0]}",
        label=row[1],
        account_id=row[0],
        party_id=row[2],
        is_staff=row[3],
        postings=tuple(_posting(post) for post in posts),
        represents=frozenset(represented),
        mandates=tuple(_mandate(x) for x in authorised if x[7] == AuthorisationState.CONFIRMED),
        left=tuple((party, datetime.fromisoformat(when)) for party, when in ended),
    )
    return SignedIn(actor, row[6], row[4], row[5][-16:], row[11])


def _mandate(x: list[Any]) -> Mandate:
    return Mandate(
        authorisation_id=x[0],
        principal_id=x[1],
        items=None if x[2] else frozenset(x[3]),
        acts=frozenset(x[4]),
        valid_from=date.fromisoformat(x[5]),
        valid_until=date.fromisoformat(x[6]),
    )


def _posting(post: list[Any]) -> Posting:
    permissions = json.loads(post[3]) if isinstance(post[3], str) else post[3]
    return Posting(
        post_id=post[0],
        post_label=post[1],
        role_code=post[2],
        permissions=frozenset(permissions),
        organ_id=post[4],
        organ_label=post[5],
        area_code=post[6],
        hall_id=post[7],
        is_deputy=post[8],
        window_id=post[9],
        package=frozenset(post[10] or ()),
    )


def paper_index(kind: PaperKind, number: str) -> bytes:
    normal = papers.normalise(kind, number)
    return keyring().blind_index(f"{kind}\0{normal}", purpose="party.paper")


def paper_indexes(kind: PaperKind | str, number: str) -> list[bytes]:
    """What this paper may be found under: with every key in use."""
    kind = PaperKind(kind)
    normal = papers.normalise(kind, number)
    return keyring().blind_indexes(f"{kind}\0{normal}", purpose="party.paper")


def find_party_by_paper(kind: PaperKind, number: str) -> Party | None:
    """The party with this paper; persons are never found or merged by name."""
    return Party.objects.filter(
        paper_kind=kind, paper_index__in=paper_indexes(kind, number)
    ).first()


def stood_for(
    person: Party, *, at: datetime
) -> tuple[QuerySet[Representation, Any], QuerySet[Guardianship, Any]]:
    """Ids of the organisations this person may act for today, and of the children under their
    guardianship, to ask with."""
    today = civil_date(at)
    organisations = Representation.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        person=person,
        valid_from__lte=today,
    ).values("organisation_id")
    children = Guardianship.objects.filter(
        guardian=person, state=GuardianshipState.CONFIRMED, valid_until__gte=today
    ).values("child_id")
    return organisations, children


def represented_by(person: Party, *, at: datetime) -> list[Party]:
    """Organisations this person may act for today, and children under their guardianship: one
    statement."""
    organisations, children = stood_for(person, at=at)
    found = Party.objects.filter(Q(pk__in=organisations) | Q(pk__in=children))
    return list(found.order_by("id"))


def organ_by_slug(slug: str) -> Organ | None:
    """The organ, closed ones too: what was published under one still names it."""
    return Organ.objects.filter(slug=slug).select_related("area").first()


@dataclass(frozen=True, slots=True)
class DemonstrationPerson:
    """One account of the demonstration: `what` says whom it acts for, or its posts."""

    login: str
    label: str
    what: str


def demonstration_people() -> list[tuple[str, list[DemonstrationPerson]]]:
    """The demonstration's accounts by what they are there for, applicants first. Three
    statements; somebody with posts of two roles stands under the first."""
    acts_for: dict[int, list[str]] = {}
    for row in Representation.objects.select_related("organisation").order_by("id"):
        acts_for.setdefault(row.person_id, []).append(row.organisation.name)
    held: dict[int, list[PostHolding]] = {}
    for holding in PostHolding.objects.select_related("post__role", "post__organ").order_by("id"):
        held.setdefault(holding.account_id, []).append(holding)
    groups: dict[str, list[DemonstrationPerson]] = {"申请人": []}
    for account in Account.objects.filter(is_demo=True, is_active=True).order_by("id"):
        if account.party_id is not None:
            what = "、".join(acts_for.get(account.party_id, [])) or "个人"
            groups["申请人"].append(DemonstrationPerson(account.login, account.label, what))
        elif account.pk in held:
            posts = held[account.pk]
            what = "、".join(
                f"{h.post.organ.short_name}{h.post.name}{'(B角)' if h.is_deputy else ''}"
                for h in posts
            )
            group = groups.setdefault(posts[0].post.role.name, [])
            group.append(DemonstrationPerson(account.login, account.label, what))
    return [(name, people) for name, people in groups.items() if people]
