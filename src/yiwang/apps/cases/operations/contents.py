"""What a case holds: the latest answers and the materials, what they lack, and how they change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from yiwang.apps.cases.archive import points_of
from yiwang.apps.cases.domain.grades import TrustGrade, grade_of
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import CaseContent, CaseMaterial, MaterialStatus, OriginalCheck
from yiwang.apps.cases.operations.act import Act
from yiwang.apps.cases.operations.drafts import no_paper
from yiwang.apps.cases.operations.filing import form_digest
from yiwang.apps.cases.operations.taking import take_again
from yiwang.apps.cases.permissions import RECEIVE
from yiwang.apps.cases.seeing import is_on_their_side, may_at_window, took_in
from yiwang.apps.cases.taken_in import papers_under_way
from yiwang.apps.catalog.public import Definition, MaterialDefinition, check_form
from yiwang.foundation.files.storing import attach
from yiwang.foundation.statements import Statement, insert

_MATERIALS = Statement(lambda case_id: CaseMaterial.objects.filter(case_id=case_id), int)
LATEST_CONTENT = Statement(
    lambda case_id: CaseContent.objects.filter(case_id=case_id).order_by("-revision")[:1], int
)


def latest_form(act: Act) -> dict[str, Any]:
    """The answers as they stand."""
    content = LATEST_CONTENT.first(act.case.pk)
    return content.form or {} if content else {}


def unticked(act: Act) -> dict[str, str]:
    """Material code → what is not done about it yet."""
    found = {}
    definition, under_way = act.definition, papers_under_way(act.case)
    for row in _MATERIALS.rows(act.case.pk):
        material = definition.material(row.code)
        if row.code in under_way and row.status == MaterialStatus.PAPER:
            found[row.code] = not_here_yet(row.name)
            continue
        if material is None or row.status in (MaterialStatus.HELD, MaterialStatus.PROMISED):
            continue
        if row.status == MaterialStatus.MISSING:
            if row.required:
                found[row.code] = f"「{row.name}」还没有提交。"
            continue
        if row.status == MaterialStatus.UNCERTAIN:
            found[row.code] = f"「{row.name}」的数据源暂时查不到,恢复后自动核对;能收到的可以先收。"
            continue
        left = [p.text for p in points_of(material, row) if p.code not in row.points]
        if left:
            found[row.code] = f"「{row.name}」还有 {len(left)} 个要点没有核对:{left[0]}"
    return found


def not_here_yet(name: str) -> str:
    """Why a paper that was taken in elsewhere cannot be checked against the original yet."""
    return f"「{name}」的纸质件由代收窗口移交,还在途中;签收以后才能核对原件。"


def unfilled(act: Act) -> dict[str, str]:
    """`form-<field>` → what the latest answers lack: a window may take in a form with gaps, but
    nobody may accept one."""
    problems = check_form(act.definition, latest_form(act))
    return {f"form-{p.field}": p.message for p in problems}


def material_row(act: Act, code: str) -> CaseMaterial:
    row = CaseMaterial.objects.select_for_update().filter(case=act.case, code=code).first()
    if row is None:
        raise InvalidInputError({code: "这个办件没有这份材料。"})
    return row


def _first_status(material: MaterialDefinition) -> MaterialStatus:
    """What the form itself makes is there; everything else is still to come."""
    return MaterialStatus.PROVIDED if material.source == "FORM" else MaterialStatus.MISSING


def _ask_for(act: Act, form: dict[str, Any]) -> None:
    """Other answers may ask for other materials: new ones are missing, old ones not required."""
    asked = {m.code: m for m in act.definition.materials_for(form)}
    rows = {row.code: row for row in CaseMaterial.objects.filter(case=act.case)}
    insert(
        [
            CaseMaterial(
                case=act.case,
                code=code,
                name=material.name,
                required=material.required,
                status=_first_status(material),
                grade=grade_of(_first_status(material), has_file=False, by_staff=False),
            )
            for code, material in asked.items()
            if code not in rows
        ]
    )
    for code, row in rows.items():
        required = code in asked and asked[code].required
        if row.required != required:
            row.required = required
            row.save(update_fields=["required"])


def refuse_paper(definition: Definition, codes: Iterable[str]) -> None:
    """无纸化: nothing is kept on paper. Who brings it is served: scanned, and handed back at once.

    Raises InvalidInputError saying so.
    """
    if definition.is_paperless and (kept := {*codes}):
        names = {code: (m.name if (m := definition.material(code)) else code) for code in kept}
        raise InvalidInputError(
            {f"material-{code}": no_paper(name) for code, name in sorted(names.items())}
        )


def take_paper(act: Act, codes: list[str]) -> None:
    """Materials handed over on paper: there now, and what was noted against them is answered.

    What the window that took the case in for another takes in again has to travel again."""
    refuse_paper(act.definition, codes)
    is_right = may_at_window(act.actor, RECEIVE, act.case)
    if codes and took_in(act.actor, act.case) and not is_right:
        take_again(act.case, codes, at=act.at)
        act.facts["taken_papers"] = sorted(codes)
    for code in codes:
        row = material_row(act, code)
        row.status, row.problem, row.grade = MaterialStatus.PAPER, "", ""
        row.is_handed_back, row.original = False, ""
        row.original_by, row.original_at, row.original_note = "", None, ""
        row.save()


def change_content(
    act: Act,
    form: dict[str, Any] | None,
    files: dict[str, tuple[str, bytes]],
    *,
    handed_back: Iterable[str] = (),
) -> None:
    """A new revision of the form and new files; ticks of a replaced file are void."""
    if form is not None:
        problems = check_form(act.definition, form)
        if problems:
            raise InvalidInputError({p.field: p.message for p in problems})
        last = CaseContent.objects.filter(case=act.case).order_by("-revision").first()
        digest = form_digest(act.case, form)
        if last is None or last.digest != digest:
            revision = last.revision + 1 if last else 1
            CaseContent.objects.create(
                case=act.case,
                revision=revision,
                form=form,
                digest=digest,
                written_by=act.actor.ref,
                written_at=act.at,
            )
            act.facts["revision"] = revision
            act.digests["form"] = digest
            _ask_for(act, form)
    for code, (name, content) in files.items():
        row = material_row(act, code)
        attachment = attach(
            content,
            name=name,
            subject=act.case.subject,
            purpose=code,
            actor=act.actor.ref,
            at=act.at,
        )
        row.attachment, row.status = attachment, MaterialStatus.PROVIDED
        row.points, row.opened_by, row.opened_at, row.problem = {}, "", None, ""
        row.reused_from, row.note = None, ""
        is_theirs = is_on_their_side(act.actor, act.case)
        row.grade = TrustGrade.C if is_theirs else TrustGrade.B
        row.is_handed_back = code in handed_back
        is_due = is_theirs and act.definition.is_checked_later(code)
        row.original = OriginalCheck.DUE if is_due else ""
        row.original_by, row.original_at, row.original_note = "", None, ""
        row.save()
        act.facts.setdefault("materials", {})[code] = f"file:{attachment.pk}"
