"""Issuing a certificate, and registering one that another system issued."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from yiwang.apps.certificates.models import Certificate
from yiwang.apps.people.public import Organ, Party
from yiwang.foundation.statements import insert
from yiwang.kernel.identifiers import licence_id

OWN_SOURCE = "本平台制发"


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
    serial: int,
    document_id: uuid.UUID,
) -> Certificate:
    """Issue one certificate for one case; the database allows no second one for it.

    `serial` is unique to the case (gaps allowed). Must run in the transaction of the decision,
    whose record entry names the certificate and its identifier. Raises IntegrityError on a
    second call.
    """
    identifier = licence_id.compose(
        type_code=licence_type, issuer=organ.uscc, serial=f"{serial:09d}", version="001"
    )
    certificate = Certificate(
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
    insert([certificate])
    return certificate


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
