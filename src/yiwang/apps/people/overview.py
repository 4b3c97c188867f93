"""Reads for the administrators and for the person concerned: accounts, posts, security, looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from yiwang.apps.people.models import (
    Absence,
    Account,
    Disclosure,
    Party,
    Post,
    PostHolding,
    SecurityEvent,
)
from yiwang.apps.people.queries import represented_by
from yiwang.foundation.lists import Listing, page
from yiwang.kernel.masking import mask_name
from yiwang.kernel.moment import civil_date

ACCOUNTS = Listing("people_account", "is_staff", "boolean", (("login", "text"), ("id", "bigint")))
LOOKS = Listing(
    "people_disclosure",
    "party_id",
    "bigint",
    (("at", "timestamptz"), ("id", "bigint")),
    descending=True,
)

_LITERAL = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as the list shows it, applicants masked; `away_until` while absent."""

    account: Account
    posts: tuple[str, ...]
    away_until: datetime | None
    is_locked: bool

    @property
    def label(self) -> str:
        return shown_name(self.account)


@dataclass(frozen=True, slots=True)
class AccountPage:
    rows: list[AccountRow]
    next_cursor: str | None


def shown_name(account: Account) -> str:
    """Staff by name; an applicant's name is not the administrator's business."""
    return account.label if account.is_staff else mask_name(account.label)


def accounts_page(
    *, at: datetime, is_staff: bool = True, text: str = "", after: str | None = None, size: int = 40
) -> AccountPage:
    """Accounts by login, key-paged; four statements. `text` finds logins by their beginning and
    staff by a part of the name as well."""
    where, parameters = "TRUE", []
    if text:
        wanted = text.translate(_LITERAL)
        where, parameters = "t.login LIKE %s", [f"{wanted}%"]
        if is_staff:
            where = "(t.login LIKE %s OR t.label LIKE %s)"
            parameters = [f"{wanted}%", f"%{wanted}%"]
    found = page(
        ACCOUNTS, scopes=[is_staff], where=where, parameters=parameters, after=after, size=size
    )
    accounts = Account.objects.in_bulk(found.keys)
    posts = posts_held(found.keys, at=at)
    away = {
        row.account_id: row.ends_at
        for row in Absence.objects.filter(
            account_id__in=found.keys, starts_at__lte=at, ends_at__gt=at
        )
    }
    rows = [
        AccountRow(
            account,
            tuple(_post_label(h) for h in posts.get(account.pk, ())),
            away.get(account.pk),
            account.locked_until is not None and account.locked_until > at,
        )
        for account in (accounts[key] for key in found.keys if key in accounts)
    ]
    return AccountPage(rows, found.next_cursor)


def _post_label(holding: PostHolding) -> str:
    deputy = "(B角)" if holding.is_deputy else ""
    return f"{holding.post.organ.short_name} {holding.post.name}{deputy}"


def posts_held(account_ids: Iterable[int], *, at: datetime) -> dict[int, list[PostHolding]]:
    """Holdings that run today or begin later, by account. One statement."""
    found: dict[int, list[PostHolding]] = defaultdict(list)
    rows = PostHolding.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=civil_date(at)),
        account_id__in=list(account_ids),
    ).select_related("post__organ", "post__role")
    for row in rows.order_by("id"):
        found[row.account_id].append(row)
    return found


def account_by_id(account_id: int) -> Account | None:
    return Account.objects.filter(pk=account_id).first()


def staff_by_login(login: str) -> Account | None:
    """The member of staff with this login, exactly as written."""
    return Account.objects.filter(login=login.strip(), is_staff=True).first()


@dataclass(frozen=True, slots=True)
class PostRow:
    post: Post
    holdings: list[PostHolding]


def posts_page(
    *, at: datetime, text: str = "", after: int = 0, size: int = 60
) -> tuple[list[PostRow], int | None]:
    """Posts with who holds them, in the order they were set up; two statements."""
    found = Post.objects.select_related("organ", "role", "area", "window__hall").filter(
        pk__gt=after
    )
    if text:
        found = found.filter(
            Q(name__icontains=text)
            | Q(organ__name__icontains=text)
            | Q(organ__short_name__icontains=text)
            | Q(role__name__icontains=text)
        )
    posts = list(found.order_by("id")[: size + 1])
    held = _holdings([post.pk for post in posts[:size]], at=at)
    rows = [PostRow(post, held.get(post.pk, [])) for post in posts[:size]]
    return rows, posts[size - 1].pk if len(posts) > size else None


def _holdings(post_ids: list[int], *, at: datetime) -> dict[int, list[PostHolding]]:
    found: dict[int, list[PostHolding]] = defaultdict(list)
    rows = PostHolding.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=civil_date(at)), post_id__in=post_ids
    ).select_related("account")
    for row in rows.order_by("is_deputy", "id"):
        found[row.post_id].append(row)
    return found


def post_whole(post_id: int, *, at: datetime) -> PostRow | None:
    """One post with its holders, or None."""
    post = (
        Post.objects.select_related("organ", "role", "area", "window__hall")
        .filter(pk=post_id)
        .first()
    )
    return PostRow(post, _holdings([post.pk], at=at).get(post.pk, [])) if post else None


def security_events(
    *, account: str = "", kind: str = "", before: int | None = None, size: int = 50
) -> tuple[list[SecurityEvent], int | None]:
    """The log, newest first, key-paged by id; one statement."""
    found = SecurityEvent.objects.order_by("-id")
    if account:
        found = found.filter(account=account)
    if kind:
        found = found.filter(kind=kind)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person's data; `whose` names the organisation where it was one."""

    row: Disclosure
    whose: str


def looks_at(
    party_id: int, *, at: datetime, after: str | None = None, size: int = 20
) -> tuple[list[Look], str | None]:
    """Who looked at this person's data and that of the organisations they represent, newest
    first; four statements."""
    person = Party.objects.only("id").get(pk=party_id)
    organisations = {party.pk: party.label for party in represented_by(person, at=at)}
    found = page(LOOKS, scopes=[party_id, *organisations], after=after, size=size)
    rows = Disclosure.objects.in_bulk(found.keys)
    looks = [
        Look(rows[key], organisations.get(rows[key].party_id, "本人"))
        for key in found.keys
        if key in rows
    ]
    return looks, found.next_cursor
