"""Reads: checks of an organ, and decisions for everybody."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from yiwang.apps.oversight.errors import CheckNotFoundError
from yiwang.apps.oversight.models import CheckResult, FollowUpCheck, Publication
from yiwang.apps.oversight.operations.publishing import SEARCHED
from yiwang.apps.oversight.permissions import CHECK
from yiwang.apps.people.public import Organ
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.lists import Listing, page
from yiwang.foundation.search.queries import find

OPEN_CHECKS = Listing(
    "oversight_followupcheck",
    "organ_id",
    "bigint",
    (("sort_due_at", "timestamptz"), ("id", "bigint")),
)
ALL_CHECKS = Listing(
    "oversight_followupcheck", "organ_id", "bigint", (("id", "bigint"),), descending=True
)
DECISIONS = Listing(
    "oversight_publication", "organ_id", "bigint", (("id", "bigint"),), descending=True
)
MOST_FOUND = 200


@dataclass(frozen=True, slots=True)
class CheckPage:
    checks: list[FollowUpCheck]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class WholeCheck:
    check: FollowUpCheck
    results: list[CheckResult]
    papers: list[LegalDocument]


def checks(
    *, actor: Actor, only_open: bool = True, after: str | None = None, size: int = 20
) -> CheckPage:
    """Checks of the actor's organs: the open ones by the end of what runs, so that those over it
    come first; or all of them, newest first."""
    listing, where = (
        (OPEN_CHECKS, "t.state IN ('PENDING', 'RECTIFYING')") if only_open else (ALL_CHECKS, "TRUE")
    )
    found = page(listing, scopes=actor.organ_ids(CHECK), where=where, after=after, size=size)
    rows = {
        row.pk: row
        for row in FollowUpCheck.objects.filter(pk__in=found.keys)
        .select_related("organ", "applicant")
        .defer("applicant__name", "applicant__details", "applicant__paper_number")
    }
    return CheckPage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def whole_check(check_id: int, *, actor: Actor) -> WholeCheck:
    """For the organ that checks, and for who promised. Raises CheckNotFoundError."""
    row = (
        FollowUpCheck.objects.select_related("organ", "issuing_organ", "applicant")
        .filter(pk=check_id)
        .first()
    )
    if row is None or not may_see(actor, row):
        raise CheckNotFoundError
    return WholeCheck(
        check=row,
        results=list(CheckResult.objects.filter(check_of=row).order_by("round")),
        papers=list(
            LegalDocument.objects.filter(subject=row.subject)
            .defer("content")
            .order_by("made_on", "number")
        ),
    )


def may_see(actor: Actor, row: FollowUpCheck) -> bool:
    return actor.may(CHECK, organ_id=row.organ_id) or actor.acts_for(row.applicant_id)


def paper_of(document_id: uuid.UUID, *, actor: Actor) -> tuple[LegalDocument, FollowUpCheck]:
    """A paper of a check that this actor may see. Raises CheckNotFoundError."""
    paper = (
        LegalDocument.objects.select_related("file").defer("content").filter(pk=document_id).first()
    )
    kind, _, key = paper.subject.partition(":") if paper is not None else ("", "", "")
    row = None
    if kind == "follow_up" and key.isdecimal():
        row = FollowUpCheck.objects.select_related("applicant").filter(pk=int(key)).first()
    if paper is None or row is None or not may_see(actor, row):
        raise CheckNotFoundError
    return paper, row


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor looks for: words, an organ, a month. Unknown values count as not chosen."""

    text: str = ""
    organ_id: int | None = None
    month: str = ""


@dataclass(frozen=True, slots=True)
class DecisionPage:
    decisions: list[Publication]
    next_cursor: str | None


def decisions(
    *, wanted: Wanted, today: date, after: str | None = None, size: int = 20
) -> DecisionPage:
    """Published decisions, newest first. With words: those that hold them, at most MOST_FOUND."""
    organs = [wanted.organ_id] if wanted.organ_id else list(organ_names())
    where = "t.published_at IS NOT NULL AND t.ends_on >= %s"
    parameters: list[object] = [today]
    if wanted.month:
        where, parameters = f"{where} AND t.month = %s", [*parameters, wanted.month]
    if wanted.text:
        keys = [int(key) for key in find(wanted.text, kind=SEARCHED, limit=MOST_FOUND)]
        where, parameters = f"{where} AND t.id = ANY(%s)", [*parameters, keys]
    found = page(
        DECISIONS, scopes=organs, where=where, parameters=parameters, after=after, size=size
    )
    rows = {
        row.pk: row
        for row in Publication.objects.filter(pk__in=found.keys).select_related("organ")
        if _holds(row, wanted.text)
    }
    return DecisionPage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def _holds(row: Publication, text: str) -> bool:
    """The index finds what has some of the words; a register shows what has the text itself."""
    plain = "".join(text.split()).lower()
    fields = [row.number] if row.is_natural else [row.holder_label, row.holder_uscc, row.number]
    return not plain or any(plain in "".join(f.split()).lower() for f in fields)


def organ_names() -> dict[int, str]:
    """Every organ by id; one statement."""
    return dict(Organ.objects.order_by("id").values_list("pk", "name"))
