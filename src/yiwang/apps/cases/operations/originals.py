"""先审后验: what was reviewed as a copy is held against the original before the decision.

The applicant comes once, when everything else is done. What differs is recorded and keeps the
grant closed; refusing stays the approver's decision with its reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.machine import CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.events import OriginalsChecked, OriginalsWanted
from yiwang.apps.cases.models import Case, CaseChannel, CaseMaterial, OriginalCheck
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.foundation.access import Actor

OPEN = (OriginalCheck.DUE, OriginalCheck.DIFFERS)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a clerk says of one original: as the copy, or in what it differs."""

    is_match: bool
    note: str = ""


def open_originals(act: Act) -> dict[str, list[str]]:
    """State → names of what is not settled. Nothing is asked of the database where the item has
    no such material or the case came in at a window."""
    is_asked = act.case.channel == CaseChannel.ONLINE and any(
        m.is_checked_later for m in act.definition.materials
    )
    found: dict[str, list[str]] = {state.value: [] for state in OPEN}
    if is_asked:
        rows = CaseMaterial.objects.filter(case=act.case, original__in=OPEN).order_by("id")
        for state, name in rows.values_list("original", "name"):
            found[state].append(name)
    return found


def want_originals(act: Act) -> None:
    """Everything is reviewed: the applicant is told what to bring."""
    if open_originals(act)[OriginalCheck.DUE]:
        act.changes["wants_originals"] = True
        act.events.append(OriginalsWanted(case_id=act.case.pk))


@transaction.atomic
def check_originals(
    *,
    case_id: int,
    seen: dict[str, Seen],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """Record what a clerk saw of the originals that were brought; the others stay due.

    Raises InvalidInputError for a material that is not due or a difference without words.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.CHECK_ORIGINALS,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    rows = CaseMaterial.objects.select_for_update().filter(case=act.case, original__in=OPEN)
    due = {row.code: row for row in rows.order_by("id")}
    act.check(Situation(originals_due=tuple(row.name for row in due.values())))
    if problems := _problems(seen, due):
        raise InvalidInputError(problems)
    for code, what in seen.items():
        row = due[code]
        row.original = OriginalCheck.MATCHES if what.is_match else OriginalCheck.DIFFERS
        row.original_by, row.original_at = actor.ref, at
        row.original_note = what.note.strip()[:400]
        row.save(update_fields=["original", "original_by", "original_at", "original_note"])
    left = any(row.original == OriginalCheck.DUE for row in due.values())
    act.changes["wants_originals"] = act.case.wants_originals and left
    act.facts["originals"] = {code: due[code].original for code in sorted(seen)}
    is_match = all(what.is_match for what in seen.values())
    act.events.append(OriginalsChecked(case_id=act.case.pk, is_match=is_match))
    return act.commit()


def _problems(seen: dict[str, Seen], due: dict[str, CaseMaterial]) -> dict[str, str]:
    if not seen:
        return {"originals": "请逐份选择原件与上传的是否一致;没有带来的可以不选,下次再核。"}
    found = {}
    for code, what in seen.items():
        if code not in due:
            found[f"original-{code}"] = "这份材料现在不用核验原件。"
        elif not what.is_match and len(what.note.strip()) < 4:
            found[f"original-note-{code}"] = f"请写明「{due[code].name}」的原件哪里不一致。"
    return found
