"""Who is on duty: absences, deputies (B角), and who holds a permission at an organ just now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.apps.people.models import Absence, Account, Handover, Organ, Party, PostHolding
from yiwang.apps.people.queries import paper_indexes
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.secrets import keyring
from yiwang.kernel.identifiers import region
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date


@dataclass(frozen=True, slots=True)
class DutyPost:
    """One post of somebody's, with who acts for them while they are away."""

    label: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A holder of a post who acts now; `is_deputy` says that the holder is away."""

    label: str
    is_deputy: bool
    organ_id: int
    hall_id: int | None
    package: frozenset[str]
    permissions: frozenset[str]


def absences_of(account_id: int, *, at: datetime) -> list[Absence]:
    """Absences that are running or still to come, soonest first."""
    return list(
        Absence.objects.filter(account_id=account_id, ends_at__gt=at).order_by("starts_at", "id")
    )


def deputies_for(actor: Actor) -> list[DutyPost]:
    """The actor's own posts and their deputies; two statements at most."""
    posts = [posting for posting in actor.postings if not posting.is_deputy]
    deputies: dict[int, list[str]] = defaultdict(list)
    rows = PostHolding.objects.filter(
        post_id__in=[posting.post_id for posting in posts], is_deputy=True
    ).order_by("id")
    for post_id, label in rows.values_list("post_id", "account__label"):
        deputies[post_id].append(label)
    return [
        DutyPost(f"{posting.organ_label} {posting.post_label}", tuple(deputies[posting.post_id]))
        for posting in posts
    ]


def colleagues(organ_id: int, permission: Permission, *, on: date) -> list[tuple[str, str]]:
    """(account reference, name) of who holds this permission at the organ on that day, by name."""
    rows = _holding(Q(post__organ_id=organ_id), permission, on)
    return [(f"account:{account_id}", label) for account_id, label in rows]


def staff_of_hall(hall_id: int, permission: Permission, *, on: date) -> list[tuple[int, str]]:
    """(account, name) of who holds this permission at a window of the hall on that day, by name."""
    return list(_holding(Q(post__window__hall_id=hall_id), permission, on))


def _holding(where: Q, permission: Permission, on: date) -> QuerySet[PostHolding, tuple[int, str]]:
    """(account, name), once each, of who holds a post like this with the permission that day."""
    return (
        PostHolding.objects.filter(
            where,
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            post__role__permissions__contains=[permission.code],
            valid_from__lte=on,
            account__is_active=True,
        )
        .order_by("account__label", "account_id")
        .values_list("account_id", "account__label")
        .distinct()
    )


def account_ref(login: str) -> str:
    """`account:12` of an active account by its login name, "" where there is none."""
    found = Account.objects.filter(login=login, is_active=True).values_list("pk", flat=True).first()
    return f"account:{found}" if found else ""


def on_duty(*, organ_ids: list[int], hall_ids: list[int], at: datetime) -> list[OnDuty]:
    """Who acts now at these organs and halls: holders who are there, deputies of those who are not.

    One statement. An absent holder is left out even where there is no deputy.
    """
    today = civil_date(at)
    away = Absence.objects.filter(starts_at__lte=at, ends_at__gt=at)
    holder_away = PostHolding.objects.filter(
        Exists(away.filter(account_id=OuterRef("account_id"))),
        post_id=OuterRef("post_id"),
        is_deputy=False,
    )
    handed = Handover.objects.filter(
        post_id=OuterRef("post_id"),
        receiver_id=OuterRef("account_id"),
        starts_at__lte=at,
        ends_at__gt=at,
    )
    rows = (
        PostHolding.objects.filter(
            Q(post__organ_id__in=organ_ids) | Q(post__window__hall_id__in=hall_ids),
            Q(valid_until__isnull=True) | Q(valid_until__gte=today),
            Q(is_deputy=False) & ~Exists(away.filter(account_id=OuterRef("account_id")))
            | Q(is_deputy=True) & (Exists(holder_away) | Exists(handed)),
            valid_from__lte=today,
            account__is_active=True,
        )
        .select_related("account", "post__role", "post__window")
        .order_by("id")
    )
    return [_on_duty(row) for row in rows]


def _on_duty(row: PostHolding) -> OnDuty:
    window = row.post.window
    return OnDuty(
        label=row.account.label,
        is_deputy=row.is_deputy,
        organ_id=row.post.organ_id,
        hall_id=window.hall_id if window else None,
        package=frozenset(window.package if window else ()),
        permissions=frozenset(row.post.role.permissions),
    )


def organs_in_area(area_codes: list[str]) -> list[int]:
    """Ids of the organs of these areas and of everything inside them, in a stable order."""
    wanted = Q()
    for code in area_codes:
        wanted |= Q(area__code__startswith=region.parse(code).stem)
    if not wanted:
        return []
    return list(Organ.objects.filter(wanted).order_by("id").values_list("id", flat=True))


def parties_named(text: str) -> list[int]:
    """Ids of parties whose name or paper number is exactly this text, by the blind indexes.

    A part of a name finds nothing: names are not kept in a form that could be searched.
    """
    wanted = " ".join(text.split())
    if not wanted:
        return []
    papers = [index for kind in PaperKind for index in paper_indexes(kind, wanted)]
    names = keyring().blind_indexes(wanted, purpose="party.name")
    rows = Party.objects.filter(Q(paper_index__in=papers) | Q(name_index__in=names)).order_by("id")
    return list(rows.values_list("id", flat=True)[:50])


def account_labels(refs: set[str]) -> dict[str, str]:
    """`account:12` → the name staff see; for applicants' accounts 申请人. One statement."""
    ids = [int(ref.partition(":")[2]) for ref in refs if ref.startswith("account:")]
    rows = Account.objects.filter(pk__in=ids).values_list("id", "label", "is_staff") if ids else []
    return {f"account:{pk}": label if staff else "申请人" for pk, label, staff in rows}
