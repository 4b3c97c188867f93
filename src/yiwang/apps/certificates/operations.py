"""Issuing a certificate, and registering one that another system issued."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from yiwang.apps.certificates.models import Certificate
from yiwang.apps.people.public import Organ, Party
from yiwang.foundation.record.writing import append
from yiwang.kernel.identifiers import licence_id

OWN_SOURCE = "本平台制发"


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """What the certificate's document needs to print."""

    certificate: Certificate
    identifier: str
    serial: int


def issue(
    *,
    kind: str,
    licence_type: str,
    name: str,
    number: str,
    holder: Party,
    organ: Organ,
    fields: dict[str, Any],
    issued_on: date,
    valid_until: date | None,
    subject: str,
    document_id: uuid.UUID,
    actor: str,
    at: datetime,
) -> IssuedCertificate:
    """Issue one certificate for one case; the database allows no second one for it.

    Must run in the transaction of the decision. Raises IntegrityError on a second call.
    """
    serial = _next_serial(f"{licence_type}.{organ.uscc}")
    identifier = licence_id.compose(
        type_code=licence_type, issuer=organ.uscc, serial=f"{serial:09d}", version="001"
    )
    row = Certificate.objects.create(
        identifier=identifier,
        kind=kind,
        name=name,
        number=number,
        holder=holder,
        organ=organ,
        fields=fields,
        issued_on=issued_on,
        valid_until=valid_until,
        subject=subject,
        document_id=document_id,
        source=OWN_SOURCE,
    )
    append(
        subject=f"certificate:{row.pk}",
        operation="certificates.issue",
        actor=actor,
        at=at,
        facts={"identifier": identifier, "holder": holder.pk, "of": subject},
    )
    return IssuedCertificate(row, identifier, serial)


def _next_serial(key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO certificates_certificateseries (key, last) VALUES (%s, 1) "
            "ON CONFLICT (key) DO UPDATE SET last = certificates_certificateseries.last + 1 "
            "RETURNING last",
            [key],
        )
        return int(cursor.fetchone()[0])


def register_held(
    *,
    kind: str,
    name: str,
    number: str,
    holder: Party,
    organ: Organ,
    issued_on: date,
    valid_until: date | None,
    source: str,
) -> Certificate:
    """Register a certificate another system issued, with its source."""
    row, _ = Certificate.objects.get_or_create(
        identifier=f"EXTERNAL.{kind}.{organ.uscc}.{number}"[:90],
        defaults={
            "kind": kind,
            "name": name,
            "number": number,
            "holder": holder,
            "organ": organ,
            "fields": {},
            "issued_on": issued_on,
            "valid_until": valid_until,
            "source": source,
        },
    )
    return row
