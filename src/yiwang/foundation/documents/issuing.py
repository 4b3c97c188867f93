"""Deciding a document in the transaction of the act, and making it real afterwards."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from pydantic import TypeAdapter

from yiwang.foundation.documents.content import Document
from yiwang.foundation.documents.events import DocumentReady
from yiwang.foundation.documents.fonts import FontSet, load_fonts
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.documents.render import render
from yiwang.foundation.documents.signing import sign
from yiwang.foundation.environment import PROJECT_ROOT, environment
from yiwang.foundation.files.storing import store
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import append
from yiwang.kernel.numbering import document_number

_ADAPTER: TypeAdapter[Document] = TypeAdapter(Document)
# Without 0, 1, I, O: a check code is read aloud and typed from paper.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_check_code() -> str:
    """16 characters (80 bits) in groups of four."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


def next_number(organ_word: str, kind_word: str, year: int) -> str:
    """The next gap-free number, one statement. Call it as late in the transaction as possible:
    it locks the series until the commit, and a rollback gives the number back."""
    key = f"{organ_word}{kind_word}〔{year}〕"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_numberseries (key, last) VALUES (%s, 1) "
            "ON CONFLICT (key) DO UPDATE SET last = documents_numberseries.last + 1 "
            "RETURNING last",
            [key],
        )
        serial = cursor.fetchone()[0]
    return document_number(organ_word=organ_word, kind_word=kind_word, year=year, serial=serial)


def numbered_document(
    document: Document,
    *,
    identifier: uuid.UUID,
    subject: str,
    party_id: int | None,
    addressee_label: str,
    organ_word: str,
    kind_word: str,
) -> LegalDocument:
    """The row of a checked document, unsaved; its number is allocated here unless it carries one.

    Save the rows of an act together, as the last thing of its transaction.
    """
    if not kind_word:
        number = document.number
    else:
        number = next_number(organ_word, kind_word, document.made_on.year)
    final = replace(document, number=number)
    return LegalDocument(
        id=identifier,
        kind=document.kind.value,
        subject=subject,
        title=document.heading,
        number=number,
        organ_name=document.organ,
        addressee_label=addressee_label,
        party_id=party_id,
        content=_ADAPTER.dump_python(final, mode="json"),
        made_on=document.made_on,
        check_code=document.check_code,
        is_demo=document.is_demo,
    )


@lru_cache(maxsize=1)
def house_fonts() -> FontSet:
    """The fonts of the build, loaded once a process."""
    return load_fonts((PROJECT_ROOT / "build" / "assets" / "fonts",))


def content_of(row: LegalDocument) -> Document:
    return _ADAPTER.validate_python(row.content, strict=False)


def make_ready(identifier: uuid.UUID, *, at: datetime) -> bool:
    """Render, sign and store one pending document; False when somebody else already did.

    Rendering and signing happen outside the transaction: they take the time, and a kill between
    them and the commit leaves a pending document that the next attempt makes again.
    """
    row = LegalDocument.objects.filter(pk=identifier, status=DocumentStatus.PENDING).first()
    if row is None:
        return False
    rendered = render(content_of(row), house_fonts())
    signed = sign(
        rendered.pdf, environment().keys / "signing", at.replace(microsecond=0), row.title
    )
    with transaction.atomic():
        file = store(signed, media_type="application/pdf", at=at)
        updated = LegalDocument.objects.filter(pk=identifier, status=DocumentStatus.PENDING).update(
            status=DocumentStatus.READY,
            file=file,
            ready_at=at,
            missing_characters="".join(sorted(rendered.missing))[:200],
            error="",
        )
        if not updated:
            return False
        append(
            subject=f"document:{identifier}",
            operation="documents.issue",
            actor="system:documents",
            at=at,
            facts={
                "kind": row.kind,
                "number": row.number,
                "of": row.subject,
                "sha256": file.sha256,
            },
        )
        publish([DocumentReady(document_id=str(identifier), of=row.subject, kind=row.kind)], at=at)
    return True


def note_failure(identifier: uuid.UUID, text: str) -> None:
    """Keep why a document could not be made; it stays pending and is tried again."""
    LegalDocument.objects.filter(pk=identifier, status=DocumentStatus.PENDING).update(
        error=text[-2000:]
    )


def serialise(document: Document) -> Any:
    """A document as JSON types."""
    return _ADAPTER.dump_python(document, mode="json")
