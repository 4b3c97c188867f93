"""Reads of the certificate base."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yiwang.apps.certificates.acting import STAFF, may_see
from yiwang.apps.certificates.errors import CertificateNotFoundError
from yiwang.apps.certificates.models import (
    Certificate,
    CertificateStatus,
    RevocationProposal,
    StateChange,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.lists import Listing, page
from yiwang.foundation.statements import Statement

# One that is deemed renewed (行政许可法 §50) is held although its last day is over.
_HELD = Statement(
    lambda on, holders, kinds: (
        Certificate.objects.filter(
            Q(valid_until__isnull=True, status=CertificateStatus.VALID)
            | Q(valid_until__gte=on, status=CertificateStatus.VALID)
            | Q(status=CertificateStatus.DEEMED)
        )
        .extra(where=["holder_id = ANY(%s)", "kind = ANY(%s)"], params=[holders, kinds])
        .defer("fields")
        .order_by("-issued_on")
    ),
    date,
    list,
    list,
)


def held_certificates(holders: list[int], kinds: list[str], *, on: date) -> dict[str, Certificate]:
    """Kind → a certificate valid on that day, of the first holder that has one. One statement.

    What the city holds of this person is not asked for again (在线政务服务若干规定 §7); what is not
    found here is asked for.
    """
    if not kinds:
        return {}
    found: dict[str, Certificate] = {}
    for row in sorted(_HELD.rows(on, holders, kinds), key=lambda r: holders.index(r.holder_id)):
        found.setdefault(row.kind, row)
    return found


def certificates_of(holder: int) -> list[Certificate]:
    """Everything a person holds, newest first."""
    return list(
        Certificate.objects.filter(holder_id=holder).select_related("organ").order_by("-issued_on")
    )


def held_by(actor: Actor) -> list[Certificate]:
    """Certificates of the person and of those represented, by holder, newest first."""
    holders = [party for party in (actor.party_id, *sorted(actor.represents)) if party is not None]
    rows = (
        Certificate.objects.filter(holder_id__in=holders)
        .select_related("organ", "holder", "replacement")
        .defer("fields")
        .order_by("-issued_on", "-id")
    )
    return sorted(rows, key=lambda row: holders.index(row.holder_id))


def certificate_of_case(subject: str) -> Certificate | None:
    """The certificate that stands for this case now: the last replacement, if there was one."""
    return (
        Certificate.objects.select_related("organ", "holder")
        .filter(subject=subject)
        .order_by("-id")
        .first()
        if subject
        else None
    )


def certificate_on_paper(paper: LegalDocument) -> Certificate | None:
    """The certificate a paper is, or the decision that gave it: what became of it since."""
    rows = Certificate.objects.defer("fields").select_related("replacement")
    if paper.kind == "CERTIFICATE":
        return rows.filter(document_id=paper.pk).first()
    if paper.kind == "GRANT_DECISION":
        return rows.filter(subject=paper.subject).order_by("-id").first()
    return None


@dataclass(frozen=True, slots=True)
class WholeCertificate:
    """A certificate with what happened to it: four statements."""

    certificate: Certificate
    changes: list[StateChange]
    proposals: list[RevocationProposal]
    papers: list[LegalDocument]
    replacement: Certificate | None

    @property
    def open_proposal(self) -> RevocationProposal | None:
        return next((p for p in self.proposals if p.state in ("REFERRED", "NOTIFIED")), None)


def whole_certificate(certificate_id: int, *, actor: Actor) -> WholeCertificate:
    """Raises CertificateNotFoundError."""
    row = (
        Certificate.objects.select_related("organ", "holder", "supersedes", "replacement")
        .filter(pk=certificate_id)
        .first()
    )
    if row is None or not may_see(actor, row):
        raise CertificateNotFoundError
    return WholeCertificate(
        certificate=row,
        changes=list(StateChange.objects.filter(certificate=row).order_by("id")),
        proposals=list(RevocationProposal.objects.filter(certificate=row).order_by("-id")),
        papers=list(
            LegalDocument.objects.filter(subject=row.record_subject)
            .defer("content")
            .order_by("made_on", "number")
        ),
        replacement=getattr(row, "replacement", None),
    )


def paper_of(document_id: uuid.UUID, *, actor: Actor) -> tuple[LegalDocument, Certificate]:
    """A paper about a certificate that this actor may see. Raises CertificateNotFoundError."""
    paper = (
        LegalDocument.objects.select_related("file").defer("content").filter(pk=document_id).first()
    )
    kind, _, key = paper.subject.partition(":") if paper is not None else ("", "", "")
    row = None
    if kind == "certificate" and key.isdecimal():
        row = Certificate.objects.select_related("holder").filter(pk=int(key)).first()
    if paper is None or row is None or not may_see(actor, row):
        raise CertificateNotFoundError
    return paper, row


# The lists of an organ's staff: one statement for the keys, one for the rows.
ISSUED = Listing(
    "certificates_certificate", "organ_id", "bigint", (("id", "bigint"),), descending=True
)
PROPOSALS = Listing(
    "certificates_revocationproposal",
    "organ_id",
    "bigint",
    (("created_at", "timestamptz"), ("id", "bigint")),
)


@dataclass(frozen=True, slots=True)
class CertificatePage:
    certificates: list[Certificate]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ProposalPage:
    proposals: list[RevocationProposal]
    next_cursor: str | None


def organs_of(actor: Actor) -> list[int]:
    """The organs whose certificates this actor works on."""
    return sorted({organ for permission in STAFF for organ in actor.organ_ids(permission)})


def issued_certificates(
    *,
    actor: Actor,
    status: str = "",
    only_asked: bool = False,
    number: str = "",
    after: str | None = None,
    size: int = 20,
) -> CertificatePage:
    """What the actor's organs issued here, newest first."""
    where, parameters = "t.document_id IS NOT NULL", []
    if status:
        where, parameters = f"{where} AND t.status = %s", [status]
    if only_asked:
        where += " AND t.asked <> ''"
    if number:
        where, parameters = f"{where} AND t.number = %s", [*parameters, number]
    found = page(
        ISSUED, scopes=organs_of(actor), where=where, parameters=parameters, after=after, size=size
    )
    rows = {
        row.pk: row
        for row in Certificate.objects.filter(pk__in=found.keys)
        .select_related("organ", "holder")
        .defer("fields", "holder__name", "holder__details", "holder__paper_number")
    }
    return CertificatePage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def open_proposals(*, actor: Actor, after: str | None = None, size: int = 20) -> ProposalPage:
    """Revocations under way at the actor's organs, the oldest first."""
    found = page(
        PROPOSALS,
        scopes=organs_of(actor),
        where="t.state IN ('REFERRED', 'NOTIFIED')",
        after=after,
        size=size,
    )
    rows = {
        row.pk: row
        for row in RevocationProposal.objects.filter(pk__in=found.keys)
        .select_related("organ", "certificate__holder")
        .defer("statement", "hearing_text", "certificate__fields")
    }
    return ProposalPage([rows[key] for key in found.keys if key in rows], found.next_cursor)
