"""Many cases at once, for measures: real cases cloned with their whole chains.

A few cases are made by the operations; each clone gets its own number and a hash chain recomputed
entry by entry, so that verification of the bulk is as real as of one case. Never loaded outside a
measure's own data folder or a test database.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model
from psycopg.types.json import Jsonb

from yiwang.apps.cases.models import (
    Case,
    CaseContent,
    CaseDecision,
    CaseMaterial,
    ClockRow,
    ReviewStep,
)
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.chain import GENESIS, Entry, entry_hash
from yiwang.kernel.moment import civil_date
from yiwang.kernel.numbering import CaseNumber, parse_case_number, short_number

_PARTS = (CaseContent, CaseMaterial, ClockRow, ReviewStep, CaseDecision)


def _columns(model: type[Model]) -> str:
    """Every column of a case's part but its own id and the case's."""
    names = (f.column for f in model._meta.local_concrete_fields)
    return ", ".join(f'"{name}"' for name in names if name not in ("id", "case_id"))


_COPIED = {model._meta.db_table: _columns(model) for model in _PARTS}


@dataclass(frozen=True, slots=True)
class Clone:
    template: int
    identifier: int
    number: str
    short: str
    filing_key: uuid.UUID
    hash: bytes


def clone_cases(templates: list[Case], number: int, *, seed: int = 1) -> int:
    """Clone `templates` into `number` cases, weighted by their place (the first most); returns
    the number of record entries written."""
    rng = random.Random(seed)
    weights = [2 ** -min(place, 6) for place in range(len(templates))]
    chosen = rng.choices(templates, weights, k=number)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_case")
        base = int(cursor.fetchone()[0])
        entries = {case.pk: _entries(case) for case in templates}
        clones: list[Clone] = []
        written = _copy_entries(cursor, _clones(chosen, base, entries, clones))
        _copy_map(cursor, clones)
        _insert_cases(cursor)
        for table, columns in _COPIED.items():
            cursor.execute(
                f"INSERT INTO {table} (case_id, {columns}) SELECT m.new_id, {columns} "
                f"FROM bulk_map m JOIN {table} t ON t.case_id = m.template_id"
            )
        cursor.execute("SELECT setval('cases_case_id_seq', %s)", [base + number])
        cursor.execute("DROP TABLE bulk_map")
    with connection.cursor() as cursor:
        for table in ("cases_case", "record_recordentry", *_COPIED):
            cursor.execute(f"ANALYZE {table}")
    return written


def _entries(case: Case) -> list[RecordEntry]:
    return list(RecordEntry.objects.filter(subject=case.subject).order_by("seq"))


Row = tuple[str, int, str, str, object, object, object, bytes, bytes]


def _clones(
    chosen: list[Case], base: int, entries: dict[int, list[RecordEntry]], clones: list[Clone]
) -> Iterator[Row]:
    """Record rows of every clone, in order; fills `clones` on the way."""
    for place, case in enumerate(chosen, start=1):
        identifier = base + place
        on = civil_date(case.received_at)
        parts = parse_case_number(case.number)
        number = CaseNumber(parts.implementation_code, on, identifier).text
        previous = GENESIS
        for row in entries[case.pk]:
            facts = row.facts | ({"number": number} if "number" in row.facts else {})
            subject = f"case:{identifier}"
            entry = Entry(subject, row.seq, row.at, row.actor, row.operation, facts, row.digests)
            new = entry_hash(entry, previous)
            yield (
                subject, row.seq, row.operation, row.actor, row.at, Jsonb(facts),
                Jsonb(row.digests), previous, new,
            )  # fmt: skip
            previous = new
        clones.append(
            Clone(
                case.pk, identifier, number, short_number(on=on, serial=identifier),
                uuid.uuid4(), previous,
            )
        )  # fmt: skip


def _copy_entries(cursor: object, rows: Iterator[Row]) -> int:
    written = 0
    with cursor.copy(  # type: ignore[attr-defined]
        "COPY record_recordentry (subject, seq, operation, actor, at, facts, digests, previous, "
        "hash) FROM STDIN"
    ) as copy:
        for row in rows:
            copy.write_row(row)
            written += 1
    return written


def _copy_map(cursor: object, clones: list[Clone]) -> None:
    cursor.execute(  # type: ignore[attr-defined]
        "CREATE TEMP TABLE bulk_map (template_id bigint, new_id bigint, new_number text, "
        "new_short text, new_key uuid, new_hash bytea)"
    )
    with cursor.copy("COPY bulk_map FROM STDIN") as copy:  # type: ignore[attr-defined]
        for c in clones:
            copy.write_row((c.template, c.identifier, c.number, c.short, c.filing_key, c.hash))
    cursor.execute("ANALYZE bulk_map")  # type: ignore[attr-defined]


def _insert_cases(cursor: object) -> None:
    own = {"id", "number", "short_number", "filing_key", "record_hash"}
    names = [str(f.column) for f in Case._meta.concrete_fields if f.column not in own]
    kept = ", ".join(names)
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO cases_case (id, number, short_number, filing_key, record_hash, "
        f"{kept}) SELECT m.new_id, m.new_number, m.new_short, m.new_key, m.new_hash, "
        f"{', '.join('t.' + name for name in names)} "
        "FROM bulk_map m JOIN cases_case t ON t.id = m.template_id"
    )
