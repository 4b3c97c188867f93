"""Reads of the certificate base."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from yiwang.apps.certificates.models import Certificate, CertificateStatus
from yiwang.foundation.statements import Statement

_HELD = Statement(
    lambda on, holders, kinds: Certificate.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), status=CertificateStatus.VALID
    )
    .extra(where=["holder_id = ANY(%s)", "kind = ANY(%s)"], params=[holders, kinds])
    .defer("fields")
    .order_by("-issued_on"),
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
