"""Making the package of an ended case."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.archives.domain.layout import Item, Part, kept_years, part_of
from yiwang.apps.archives.domain.packing import pack
from yiwang.apps.archives.errors import NotEndedError, NotNowError, PackageNotFoundError
from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.permissions import KEEP
from yiwang.apps.cases.public import CaseFile, ended_file
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.issuing import next_number
from yiwang.foundation.files.storing import read, store
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

KIND_WORD, ZIP = "档", "application/zip"
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif"}


def make(*, case_id: int, actor: Actor, at: datetime) -> ArchivePackage:
    """Make the package of a case that has ended, or the one that is there already for this state
    of it. Reading and packing happen before the transaction; the number is allocated last.

    Raises PackageNotFoundError (no such case for this actor), NotNowError.
    """
    found = ended_file(case_id)
    if found is None or not (actor.is_system or actor.may(KEEP, organ_id=found.organ_id)):
        raise PackageNotFoundError
    _require_complete(found)
    done = ArchivePackage.objects.filter(case_id=case_id, case_version=found.version).first()
    if done is not None:
        return done
    content, lines = pack(head_of(found), items_of(found))
    return _keep(found, content, [asdict(line) for line in lines], actor, at)


def _require_complete(found: CaseFile) -> None:
    if found.ended_at is None:
        raise NotEndedError("办件还没有办结,办结以后才能归档。")
    if found.is_void:
        raise NotEndedError("已作废的编号不是办件,不归档。")
    waiting = [row.title for row in found.papers if row.file_id is None]
    if waiting:
        raise NotNowError(f"还有文书没有制作完成:{'、'.join(waiting)}。制作完成后再归档。")


@transaction.atomic
def _keep(
    found: CaseFile, content: bytes, lines: list[dict[str, Any]], actor: Actor, at: datetime
) -> ArchivePackage:
    assert found.ended_at is not None
    file = store(content, media_type=ZIP, at=at)
    volume = ArchivePackage.objects.filter(case_id=found.case_id).count() + 1
    year = civil_date(found.ended_at).year
    row = ArchivePackage(
        case_id=found.case_id,
        volume=volume,
        organ_id=found.organ_id,
        year=year,
        item_name=found.item_name,
        short_number=found.short_number,
        applicant_label=found.applicant_label,
        ended_at=found.ended_at,
        kept_years=kept_years(found.regime),
        contents=lines,
        file=file,
        case_version=found.version,
        case_hash=found.record_hash,
        made_by=actor.ref,
        made_at=at,
        number=next_number(found.organ_word, KIND_WORD, year),
    )
    row.save(force_insert=True)
    facts = {
        "case": found.case_id,
        "number": row.number,
        "sha256": file.sha256,
        "files": len(lines),
        "version": found.version,
    }
    append(subject=row.subject, operation="archives.make", actor=actor.ref, at=at, facts=facts)
    return row


def head_of(found: CaseFile) -> dict[str, str]:
    """What the catalogue says of the case itself."""
    assert found.ended_at is not None
    return {
        "办件编号": found.number,
        "办件简号": found.short_number,
        "事项": found.item_name,
        "事项版本": str(found.item_version),
        "实施机关": found.organ_name,
        "申请人": found.applicant_name,
        "收到时间": found.received_at.isoformat(),
        "办结时间": found.ended_at.isoformat(),
        "办结情况": found.state_label,
        "保管期限": f"{kept_years(found.regime)}年",
        "记录条数": str(found.version),
        "记录头": found.record_hash.hex(),
    }


def items_of(found: CaseFile) -> list[Item]:
    """Papers, materials, the form, opinions and the record of the case."""
    items = [
        Item(part_of(row.kind), row.title, row.number, row.made_on.isoformat(), "pdf",
             read(row.file), found.organ_name)
        for row in found.papers
        if row.file is not None
    ]  # fmt: skip
    day = civil_date(found.received_at).isoformat()
    items.append(
        Item(Part.APPLICATION, "申请表", "", day, "json", _json(found.answers),
             found.applicant_name)
    )  # fmt: skip
    items += [
        Item(Part.MATERIALS, name, "", civil_date(attachment.uploaded_at).isoformat(),
             ENDINGS.get(attachment.file.media_type, "bin"), read(attachment.file),
             found.applicant_name)
        for name, attachment in found.files
    ]  # fmt: skip
    items.append(Item(Part.MATERIALS, "材料清单", "", day, "json", _json(found.materials)))
    if found.opinions:
        items.append(Item(Part.REVIEW, "审查意见", "", day, "json", _json(found.opinions)))
    items.append(Item(Part.PROCESS, "办理记录", "", day, "json", _json(found.record)))
    return items


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False).encode()
