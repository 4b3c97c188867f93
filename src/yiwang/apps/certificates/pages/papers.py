"""Papers about a certificate: the holder's own, and the issuing organ's."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.certificates.errors import CertificateNotFoundError
from yiwang.apps.certificates.queries import paper_of
from yiwang.apps.people.public import unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.files.storing import read, safe_name
from yiwang.foundation.shell.access import signed_in_page


@signed_in_page
def paper(request: HttpRequest, document_id: uuid.UUID) -> HttpResponse:
    """A legal paper; while it is being made, a page that says so. Staff's look is told."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    try:
        row, certificate = paper_of(document_id, actor=actor)
    except CertificateNotFoundError as error:
        raise Http404 from error
    is_own = actor.acts_for(certificate.holder_id)
    back = f"/my/certificates/{certificate.pk}/" if is_own else f"/certificates/{certificate.pk}/"
    if row.file is None:
        context = {"document": row, "back": back}
        return render(request, "certificates/portal/pending.html", context, status=202)
    if not is_own:
        unmask(
            party=certificate.holder,
            what=f"文书「{row.title} {row.number}」"[:120],
            reason=f"办理证照 {certificate.number}",
            actor=actor,
            at=at,
            subject=certificate.record_subject,
        )
    response = HttpResponse(read(row.file), content_type=row.file.media_type)
    name = quote(safe_name(f"{row.title}.pdf"), safe="")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    return response
