"""严重失信主体名单: entered as another organ decided it, confirmed by a second person, repaired.

国办发〔2020〕42号: whoever has serious dishonesty that is not repaired files in the ordinary way
instead of by 告知承诺. Nothing here marks anybody by itself, and nothing else is closed by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.apps.people.authority_terms import (
    AuthorityError,
    AuthorityNotFoundError,
    InvalidTermsError,
)
from yiwang.apps.people.credit_models import DishonestyListing
from yiwang.apps.people.duty import organs_in_area
from yiwang.apps.people.events import DishonestyTold
from yiwang.apps.people.labels import label_of
from yiwang.apps.people.models import Party
from yiwang.apps.people.permissions import CONFIRM_DISHONESTY, ENTER_DISHONESTY
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.kernel.identifiers.region import covers
from yiwang.kernel.moment import civil_date

ARTICLE = "国办发〔2020〕42号"
NOT_OFFERED = (
    f"您有还没有修复的严重失信记录,按规定请走一般程序({ARTICLE});修复后就可以选告知承诺。"
    "记录在「我的账号」里可以看,有不对的可以向列入机关提出。"
)
_OPEN = {"confirmed_at__isnull": False, "repaired_on": None, "declined_reason": ""}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the organ's decision says, as typed."""

    list_name: str
    article: str
    organ: str
    document: str
    listed_on: date | None


def is_unrepaired(party_id: int) -> bool:
    """True where a confirmed entry is not repaired. One statement."""
    return DishonestyListing.objects.filter(party_id=party_id, **_OPEN).exists()


def listings_of(parties: list[int]) -> list[DishonestyListing]:
    """The confirmed entries of these parties, for themselves to read, newest first."""
    rows = DishonestyListing.objects.filter(party_id__in=parties, confirmed_at__isnull=False)
    return list(rows.select_related("party").order_by("-id")[:50])


LISTINGS = Listing(
    "people_dishonestylisting", "keeper_id", "bigint", (("id", "bigint"),), descending=True
)


def may_confirm(actor: Actor, row: DishonestyListing) -> bool:
    """A post with the permission whose area holds the organ that entered it."""
    return any(
        CONFIRM_DISHONESTY.code in posting.permissions
        and covers(posting.area_code, row.keeper.area_id)
        for posting in actor.postings
    )


def organs_of(actor: Actor) -> list[int]:
    """The organs for which this actor enters, and those of the areas in which they confirm."""
    found = {*actor.organ_ids(ENTER_DISHONESTY)}
    areas = [p.area_code for p in actor.postings if CONFIRM_DISHONESTY.code in p.permissions]
    return sorted(found | {*organs_in_area(areas)})


def listings(
    *, actor: Actor, after: str | None, size: int = 20
) -> tuple[list[DishonestyListing], str | None]:
    """The entries of the actor's organs, newest first: two statements."""
    found = page(LISTINGS, scopes=organs_of(actor), after=after, size=size)
    rows = DishonestyListing.objects.select_related("party", "keeper").in_bulk(found.keys)
    return [rows[key] for key in found.keys if key in rows], found.next_cursor


def listing_of(listing_id: int, *, actor: Actor) -> DishonestyListing:
    """Raises AuthorityNotFoundError, also for another organ's."""
    rows = DishonestyListing.objects.select_related("party", "keeper")
    row = rows.filter(pk=listing_id, keeper_id__in=organs_of(actor)).first()
    if row is None:
        raise AuthorityNotFoundError
    return row


def _problems(entry: Entry, today: date) -> dict[str, str]:
    wanted = {
        "list_name": (entry.list_name, 4, "请写明名单的名称,例如:市场监督管理严重违法失信名单。"),
        "article": (entry.article, 6, "请写明列入所依据的法律、法规和条款。"),
        "organ": (entry.organ, 4, "请写明作出列入决定的机关。"),
        "document": (entry.document, 4, "请填写列入决定的文号。"),
    }
    found = {
        name: text for name, (value, least, text) in wanted.items() if len(value.strip()) < least
    }
    if entry.listed_on is None or entry.listed_on > today:
        found["listed_on"] = "请填列入日期,不能晚于今天。"
    return found


@transaction.atomic
def enter_listing(*, party: Party, entry: Entry, actor: Actor, at: datetime) -> DishonestyListing:
    """Enter what an organ decided; it holds when another person has confirmed it.

    Raises InvalidTermsError, AuthorityError, AccessDeniedError.
    """
    actor.require(ENTER_DISHONESTY)
    if problems := _problems(entry, civil_date(at)):
        raise InvalidTermsError(f"有 {len(problems)} 处需要修改,已填写的内容都保留着。", problems)
    assert entry.listed_on is not None
    try:
        with transaction.atomic():
            row = DishonestyListing.objects.create(
                party=party,
                keeper_id=actor.organ_ids(ENTER_DISHONESTY)[0],
                list_name=entry.list_name.strip()[:80],
                article=entry.article.strip()[:120],
                organ=entry.organ.strip()[:120],
                document=entry.document.strip()[:80],
                listed_on=entry.listed_on,
                entered_by=actor.ref,
                entered_label=label_of(actor),
                entered_at=at,
            )
    except IntegrityError as error:
        raise AuthorityError("这份列入决定已经录入过,不用再录。") from error
    _write(row, "enter_dishonesty", {"party": party.pk, "document": row.document}, actor, at)
    return row


def _locked(listing_id: int) -> DishonestyListing:
    rows = DishonestyListing.objects.select_for_update(of=("self",)).select_related(
        "party", "keeper"
    )
    row = rows.filter(pk=listing_id).first()
    if row is None:
        raise AuthorityNotFoundError
    return row


@transaction.atomic
def decide_listing(
    *, listing_id: int, approved: bool, reason: str, actor: Actor, at: datetime
) -> DishonestyListing:
    """The second person, with the decision in hand. Raises InvalidTermsError, AuthorityError."""
    row = _locked(listing_id)
    actor.require(CONFIRM_DISHONESTY)
    if not may_confirm(actor, row):
        raise AuthorityNotFoundError
    if row.confirmed_at is not None or row.declined_reason:
        raise AuthorityError("这条记录已由别人处理,请看最新的清单。")
    if row.entered_by == actor.ref:
        raise AuthorityError("录入和确认要由两个人办,请另一位工作人员确认。")
    if not approved and len(reason.strip()) < 4:
        raise InvalidTermsError("请写明没有确认的原因。", {"reason": "请写明没有确认的原因。"})
    if approved:
        row.confirmed_by, row.confirmed_at = actor.ref, at
        publish([DishonestyTold(listing_id=row.pk)], at=at)
    else:
        row.declined_reason = reason.strip()[:200]
    row.save()
    _write(row, "decide_dishonesty", {"party": row.party_id, "approved": approved}, actor, at)
    return row


@transaction.atomic
def repair_listing(
    *, listing_id: int, document: str, repaired_on: date | None, actor: Actor, at: datetime
) -> DishonestyListing:
    """修复 or 移出, at once and by one person: what favours somebody does not wait.

    Raises InvalidTermsError, AuthorityError.
    """
    row = _locked(listing_id)
    actor.require(ENTER_DISHONESTY, organ_id=row.keeper_id)
    if row.confirmed_at is None or row.repaired_on is not None:
        raise AuthorityError("这条记录没有生效,或已经登记修复。")
    problems = {}
    if len(document.strip()) < 4:
        problems["document"] = "请填写修复或移出决定的文号。"
    if repaired_on is None or not row.listed_on <= repaired_on <= civil_date(at):
        problems["repaired_on"] = "请填修复或移出的日期,在列入日期以后、今天以前。"
    if problems:
        raise InvalidTermsError(f"有 {len(problems)} 处需要修改,已填写的内容都保留着。", problems)
    row.repaired_on, row.repair_document = repaired_on, document.strip()[:80]
    row.repaired_by = actor.ref
    row.save()
    publish([DishonestyTold(listing_id=row.pk)], at=at)
    _write(row, "repair_dishonesty", {"party": row.party_id}, actor, at)
    return row


def _write(
    row: DishonestyListing, operation: str, facts: dict[str, Any], actor: Actor, at: datetime
) -> None:
    append(
        subject=row.subject,
        operation=f"people.{operation}",
        actor=actor.ref,
        at=at,
        facts=facts,
    )
