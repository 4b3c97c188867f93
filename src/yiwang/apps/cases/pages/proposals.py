"""What waits for a second person on a case: shown to those who may decide, and to the proposer."""

from __future__ import annotations

from typing import Any

from yiwang.apps.cases.domain.endings import TerminationGround
from yiwang.apps.cases.domain.machine import FINALS
from yiwang.apps.cases.models import CaseProposal, ProposalKind
from yiwang.apps.cases.operations.proposing import CONFIRMERS
from yiwang.apps.cases.pages.staff_fields import is_secret
from yiwang.apps.cases.pages.standing import may_act
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.catalog.public import form_sections
from yiwang.foundation.access import Actor

SECRET = "(已更改,按权限查看)"  # noqa: S105 - words for a masked value


def proposals_of(whole: WholeCase, actor: Actor) -> list[dict[str, Any]]:
    """Open proposals with what they change; none for an applicant or an ended case."""
    if not actor.is_staff or whole.case.state in FINALS:
        return []
    rows = CaseProposal.objects.filter(case=whole.case, decided_at=None).order_by("id")
    return [
        {
            "row": row,
            "label": ProposalKind(row.kind).label,
            "changes": _changes(whole, row),
            "words": _words(row),
            "may_decide": row.proposed_by != actor.ref
            and any(may_act(actor, p, whole.case) for p in CONFIRMERS[ProposalKind(row.kind)]),
            "is_mine": row.proposed_by == actor.ref,
        }
        for row in rows
    ]


def _words(row: CaseProposal) -> list[tuple[str, str]]:
    """What a termination is to say; its words are not a person's answers."""
    if row.kind != ProposalKind.TERMINATE:
        return []
    ground = TerminationGround(row.content["ground"])
    return [
        ("情形", ground.label),
        ("认定的事实", str(row.content["facts"])),
        ("依据", str(row.content["article"])),
    ]


def _changes(whole: WholeCase, row: CaseProposal) -> list[dict[str, str]]:
    fields = {f.code: f for s in form_sections(whole.definition) for f in s.fields}
    found = []
    for name, value in (row.content or {}).items():
        part = fields.get(name)
        if part is None:
            continue
        hidden = is_secret(part)
        before = whole.form.get(name, "")
        found.append(
            {
                "label": part.label,
                "before": SECRET if hidden else str(before),
                "after": SECRET if hidden else str(value),
            }
        )
    return found
