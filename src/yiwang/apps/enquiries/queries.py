"""Reads: an asker's own, an organ's by the clock, notes for editors, answers for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core import signing
from django.db.models import Count

from yiwang.apps.enquiries.domain.states import NoteState
from yiwang.apps.enquiries.errors import EnquiryNotFoundError
from yiwang.apps.enquiries.models import (
    SALT,
    Enquiry,
    EnquiryEntry,
    GuideNote,
    PublishedAnswer,
)
from yiwang.apps.enquiries.permissions import ANSWER, HANDLE, OVERSEE
from yiwang.apps.enquiries.seeing import may_see
from yiwang.apps.people.public import organs_in_area
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page

WAITING = Listing(
    "enquiries_enquiry", "organ_id", "bigint", (("sort_due_at", "timestamptz"), ("id", "bigint"))
)
EVERY = Listing("enquiries_enquiry", "organ_id", "bigint", (("id", "bigint"),), descending=True)
OWN = Listing("enquiries_enquiry", "party_id", "bigint", (("id", "bigint"),), descending=True)
MOST_ANSWERS = 20


@dataclass(frozen=True, slots=True)
class EnquiryPage:
    rows: list[Enquiry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class WholeEnquiry:
    enquiry: Enquiry
    entries: list[EnquiryEntry]


def _read(keys: Sequence[int], cursor: str | None) -> EnquiryPage:
    rows = {
        row.pk: row
        for row in Enquiry.objects.filter(pk__in=keys).select_related("organ").defer("contact")
    }
    return EnquiryPage([rows[key] for key in keys if key in rows], cursor)


def enquiries_of(
    *, actor: Actor, only_waiting: bool = True, after: str | None = None, size: int = 20
) -> EnquiryPage:
    """The organ's by the end of what runs, or all, newest first. Complaints only to those who may
    handle them and did not handle the case; of an area to its supervisors."""
    areas = sorted({p.area_code for p in actor.postings if OVERSEE.code in p.permissions})
    answers, handles = actor.organ_ids(ANSWER), actor.organ_ids(HANDLE)
    watched = organs_in_area(areas) if areas else []
    where = (
        "((t.kind <> 'COMPLAINT' AND t.organ_id = ANY(%s)) OR (t.kind = 'COMPLAINT' "
        "AND t.organ_id = ANY(%s) AND NOT t.excluded @> to_jsonb(%s::text)))"
    )
    if only_waiting:
        where = f"t.state IN ('ASKED', 'LODGED', 'ACCEPTED') AND {where}"
    found = page(
        WAITING if only_waiting else EVERY,
        scopes=sorted({*answers, *handles, *watched}),
        where=where,
        parameters=[answers, sorted({*handles, *watched}), actor.ref],
        after=after,
        size=size,
    )
    return _read(found.keys, found.next_cursor)


def own_enquiries(*, actor: Actor, after: str | None = None, size: int = 20) -> EnquiryPage:
    """What this person asked, newest first."""
    scopes = [actor.party_id] if actor.party_id is not None else []
    found = page(OWN, scopes=scopes, after=after, size=size)
    return _read(found.keys, found.next_cursor)


def whole_enquiry(enquiry_id: int, *, actor: Actor) -> WholeEnquiry:
    """Raises EnquiryNotFoundError."""
    row = Enquiry.objects.select_related("organ", "party").filter(pk=enquiry_id).first()
    if row is None or not may_see(actor, row):
        raise EnquiryNotFoundError
    return WholeEnquiry(row, list(EnquiryEntry.objects.filter(enquiry=row).order_by("id")))


def by_slip(slip: str) -> WholeEnquiry:
    """What an anonymous asker reads with the slip. Raises EnquiryNotFoundError."""
    try:
        key = signing.loads(slip, salt=SALT)
    except signing.BadSignature as error:
        raise EnquiryNotFoundError from error
    row = Enquiry.objects.select_related("organ").filter(pk=key, party__isnull=True).first()
    if row is None:
        raise EnquiryNotFoundError
    return WholeEnquiry(row, list(EnquiryEntry.objects.filter(enquiry=row).order_by("id")))


def open_notes() -> list[GuideNote]:
    """Notes for editors, newest first; at most a hundred."""
    return list(GuideNote.objects.filter(state=NoteState.OPEN).order_by("-id")[:100])


def open_notes_by_item() -> dict[str, int]:
    """Item code → how many notes on its guide are open. One statement."""
    rows = GuideNote.objects.filter(state=NoteState.OPEN).values("item_code")
    return dict(rows.annotate(number=Count("id")).values_list("item_code", "number"))


def answers_on_guide(item_code: str) -> list[PublishedAnswer]:
    """What the guide shows, newest first. One statement."""
    rows = PublishedAnswer.objects.filter(item_code=item_code, withdrawn_at__isnull=True)
    return list(rows.order_by("-id")[:MOST_ANSWERS])
