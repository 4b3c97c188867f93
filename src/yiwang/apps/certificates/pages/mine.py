"""我的证照: what the city holds of a person and of the organisations they act for."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.apps.certificates.models import Certificate, CertificateStatus
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import citizen_page
from yiwang.kernel.moment import civil_date


@citizen_page
def mine(request: HttpRequest) -> HttpResponse:
    today = civil_date(request.at)  # type: ignore[attr-defined]
    rows = [
        {"certificate": row, "tag": state_tag(row, today)}
        for row in held_by(request.actor)  # type: ignore[attr-defined]
    ]
    return render(request, "certificates/portal/mine.html", {"rows": rows})


def held_by(actor: Actor) -> list[Certificate]:
    """Certificates of the person and of those represented, by holder, newest first."""
    holders = [party for party in (actor.party_id, *sorted(actor.represents)) if party is not None]
    rows = (
        Certificate.objects.filter(holder_id__in=holders)
        .select_related("organ", "holder")
        .defer("fields")
        .order_by("-issued_on", "-id")
    )
    return sorted(rows, key=lambda row: holders.index(row.holder_id))


def state_tag(row: Certificate, today: date) -> dict[str, str]:
    """The state in a word, judged on the day it is shown."""
    if row.status != CertificateStatus.VALID:
        return {"label": row.get_status_display(), "tone": "danger"}
    if row.valid_until is not None and row.valid_until < today:
        return {"label": CertificateStatus.EXPIRED.label, "tone": "warning"}
    return {"label": CertificateStatus.VALID.label, "tone": "success"}
