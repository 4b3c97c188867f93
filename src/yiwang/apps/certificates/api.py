"""A person's own certificates, and the check of a document by the code printed on it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, StringConstraints

from yiwang.apps.certificates.pages.telling import days_left, present_status, state_since
from yiwang.apps.certificates.queries import certificate_on_paper, certificates_of
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.problem import ProblemError
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.kernel.moment import civil_date

router = Router(tags=["证照与文书"])
CheckCode = Annotated[
    str, StringConstraints(pattern=r"^[2-9A-HJ-NP-Za-hj-np-z]{4}(-?[2-9A-HJ-NP-Za-hj-np-z]{4}){3}$")
]


class CertificateOut(BaseModel):
    """`days_left` to the last day, it included, where it is valid and ends."""

    id: int
    identifier: str
    kind: str
    name: str
    number: str
    organ: str
    issued_on: date
    valid_until: date | None
    status: str
    status_label: str
    status_on: date | None
    days_left: int | None
    source: str


class CheckedDocument(BaseModel):
    """What a paper with this code says of itself; the addressee is masked. `warning` says since
    when the certificate it is, or gave, is not simply valid any more."""

    title: str
    kind: str
    number: str
    organ: str
    addressee: str
    made_on: date
    is_ready: bool
    is_demo: bool
    sha256: str | None
    certificate_status: str | None
    warning: str


@endpoint(
    router,
    "GET",
    "/my/certificates",
    answers=list[CertificateOut],
    summary="我的证照",
    also=(403,),
)
def my_certificates(request: HttpRequest) -> list[CertificateOut]:
    """Everything the city holds of the signed-in person, newest first."""
    actor, at = caller(request)
    if actor.party_id is None:
        raise AccessDeniedError("这是申请人的内容,请用个人账号登录。")
    today = civil_date(at)
    return [
        CertificateOut(
            id=row.pk,
            identifier=row.identifier,
            kind=row.kind,
            name=row.name,
            number=row.number,
            organ=row.organ.name,
            issued_on=row.issued_on,
            valid_until=row.valid_until,
            status=row.status,
            status_label=present_status(row, today).label,
            status_on=row.status_on,
            days_left=days_left(row, today),
            source=row.source,
        )
        for row in certificates_of(actor.party_id)
    ]


@endpoint(
    router,
    "GET",
    "/documents/check/{code}",
    answers=CheckedDocument,
    summary="凭查验码查验文书",
    is_public=True,
    also=(404, 429),
)
def check_document(request: HttpRequest, code: CheckCode) -> CheckedDocument:
    """Whether this platform made a paper with this code, and what stands on it. The `sha256` is of
    the PDF: a file with another one was changed."""
    plain = code.replace("-", "").upper()
    wanted = "-".join(plain[start : start + 4] for start in range(0, 16, 4))
    row = LegalDocument.objects.defer("content").filter(check_code=wanted).first()
    if row is None:
        raise ProblemError(
            "not-found", "没有这个查验码的文书。请逐字核对;仍查不到的,请不要采信这份文书。"
        )
    is_ready = row.status == DocumentStatus.READY
    certificate = certificate_on_paper(row)
    today = civil_date(caller(request)[1])
    is_face = row.kind == DocumentKind.CERTIFICATE
    return CheckedDocument(
        title=row.title,
        kind=row.kind,
        number=row.number,
        organ=row.organ_name,
        addressee=row.addressee_label,
        made_on=row.made_on,
        is_ready=is_ready,
        is_demo=row.is_demo,
        sha256=row.file_id if is_ready else None,
        certificate_status=present_status(certificate, today).label
        if certificate is not None and is_face
        else None,
        warning=state_since(certificate, today) if certificate is not None else "",
    )
