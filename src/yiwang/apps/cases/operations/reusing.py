"""Using a material again that the same applicant handed in before; taking a result home whole."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases.archive import Earlier, earlier_materials
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Case, CaseChannel, Draft
from yiwang.apps.cases.operations.drafts import note_agent, own_draft
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.people.public import MandateAct, note_use, unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import chinese_date, civil_date

GONE = "以前交过的这份材料现在不能直接用了,请上传一份。"


def earlier_of(draft: Draft, code: str, *, actor: Actor, at: datetime) -> Earlier:
    """The earlier material offered for this one. Raises InvalidInputError."""
    definition = definition_of(draft.item_version_id)
    found = earlier_materials(draft, definition, actor=actor, at=at).get(code)
    if found is None:
        raise InvalidInputError({f"material-{code}": GONE})
    return found


@transaction.atomic
def use_again(*, draft_id: uuid.UUID, code: str, actor: Actor, at: datetime) -> Attachment:
    """Put the earlier content to a material of the draft: a file of the draft's own that names
    the same content, so that neither side's removal touches the other.

    Raises CaseNotFoundError, InvalidInputError where it is not offered (any more).
    """
    Draft.objects.select_for_update().filter(pk=draft_id).first()
    draft = own_draft(draft_id, actor=actor)
    found = earlier_of(draft, code, actor=actor, at=at)
    source = found.row.attachment
    assert source is not None
    attachment = Attachment.objects.create(
        file=source.file,
        subject=draft.subject,
        purpose=code,
        name=source.name,
        uploaded_by=actor.ref,
        uploaded_at=at,
    )
    draft.files = {**draft.files, code: str(attachment.pk)}
    draft.reused = {**draft.reused, code: _origin(found, attachment)}
    draft.saved_at, draft.version = at, draft.version + 1
    draft.save(update_fields=["files", "reused", "saved_at", "version"])
    _note(draft, found, actor=actor, at=at)
    return attachment


def _origin(found: Earlier, attachment: Attachment) -> dict[str, Any]:
    return {
        "file": str(attachment.pk),
        "material": found.row.pk,
        "case": found.case.short_number,
        "on": chinese_date(civil_date(found.case.received_at)),
        "grade": found.grade.value,
    }


def _note(draft: Draft, found: Earlier, *, actor: Actor, at: datetime) -> None:
    """It is told to the applicant where somebody else did it, and stands in the record of the
    person: a draft has none."""
    what = f"再次使用以前交过的材料「{found.row.name}」"[:120]
    if draft.channel == CaseChannel.WINDOW:
        disclose_earlier(draft, what, actor=actor, at=at)
    else:
        note_agent(draft, what, actor=actor, at=at)
    append(
        subject=f"party:{draft.applicant_id}",
        operation="cases.use_again",
        actor=actor.ref,
        at=at,
        facts={"material": found.row.pk, "case": found.case.pk, "draft": str(draft.pk)},
    )


def disclose_earlier(draft: Draft, what: str, *, actor: Actor, at: datetime) -> None:
    """A clerk sees (or uses) what another case holds: told to the applicant."""
    unmask(
        party=draft.applicant,
        what=what,
        reason=f"窗口收件「{draft.item_name}」"[:200],
        actor=actor,
        at=at,
        subject=draft.subject,
    )


def reused_fields(draft: Draft, code: str) -> dict[str, Any]:
    """The columns of a material that was used again; none for a file that replaced it since."""
    origin = draft.reused.get(code)
    if origin is None or origin["file"] != draft.files.get(code):
        return {}
    return {
        "reused_from": origin["material"],
        "grade": origin["grade"],
        "note": f"取自 {origin['on']} 的办件 {origin['case']}",
    }


@transaction.atomic
def take_results(
    *, case: Case, documents: list[LegalDocument], actor: Actor, at: datetime
) -> list[LegalDocument]:
    """Record that somebody on the applicant's side takes all papers of a case at once.

    An agent needs the act 领取; raises AccessDeniedError where it was taken back.
    """
    if not actor.acts_for(case.applicant_id) and actor.mandate_for(
        case.applicant_id, case.item_code, MandateAct.COLLECT.value
    ):
        note_use(
            principal_id=case.applicant_id,
            item_code=case.item_code,
            act=MandateAct.COLLECT,
            what=f"打包下载了全部结果:{case.item_name}",
            subject=case.subject,
            actor=actor,
            at=at,
        )
    append(
        subject=f"party:{case.applicant_id}",
        operation="cases.take_results",
        actor=actor.ref,
        at=at,
        facts={"case": case.pk, "documents": [str(row.pk) for row in documents]},
    )
    return documents
