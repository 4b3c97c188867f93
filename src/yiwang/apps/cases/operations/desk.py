"""What a desk does in one go: identify, begin, take in, check. Each composes single operations.

What a clerk typed or ticked is kept even where the last step of the go is not possible: the parts
are transactions of their own on purpose.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.models import (
    Case,
    CaseChannel,
    CaseMaterial,
    Draft,
    MaterialStatus,
)
from yiwang.apps.cases.operations import drafts, filing, receiving
from yiwang.apps.cases.operations.taking import destination
from yiwang.apps.catalog.public import CurrentVersion
from yiwang.apps.people.public import (
    UNMASK,
    Hall,
    Party,
    unmask,
)
from yiwang.foundation.access import Actor

NOT_THERE = "没有提交,请补交。"
Files = dict[str, tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Check:
    """What a clerk says of one material: the points that hold, and what has to be corrected."""

    points: frozenset[str]
    problem: str = ""


def start_at_window(
    *,
    version: CurrentVersion,
    applicant: Party,
    filer: Party | None,
    form: dict[str, Any],
    actor: Actor,
    at: datetime,
    draft_id: uuid.UUID | None = None,
    hand_to: str = "",
) -> Draft:
    """Begin an application at the counter; `form` is what the city knows of the applicant.

    An item in the package of a window of the actor's is its own (R019), any other is taken in for
    the hall that has it (R018), `hand_to` by slug where several have. Prefilling shows personal
    data, so it is a disclosure that the applicant can see. Raises InvalidInputError.
    """
    actor.require(permissions.RECEIVE)
    goes_to = destination(version.definition, hand_to=hand_to, actor=actor)
    if form and actor.may(UNMASK):
        shown = filer if filer is not None and not applicant.is_natural else applicant
        reason = f"窗口收件,预填「{version.definition.name}」申请表"[:200]
        unmask(party=shown, what="申请表预填信息", reason=reason, actor=actor, at=at)
    return drafts.start_draft(
        version=version,
        applicant=applicant,
        hall=Hall.objects.get(pk=goes_to.hall_id),
        taken_in_window_id=goes_to.taking_window_id,
        channel=CaseChannel.WINDOW,
        actor=actor,
        at=at,
        form=form if actor.may(UNMASK) else {},
        filed_by=filer,
        draft_id=draft_id,
    )


def keep(
    *,
    draft_id: uuid.UUID,
    form: dict[str, Any],
    paper: list[str],
    files: Files,
    handed_back: list[str] | None = None,
    actor: Actor,
    at: datetime,
) -> Draft:
    """Keep what was typed, ticked and scanned so far. Raises FileRefusedError after the rest is
    kept."""
    draft = drafts.own_draft(draft_id, actor=actor)
    draft.form = {}
    draft.save(update_fields=["form"])  # an emptied field is empty, not as it was before
    draft = drafts.save_draft(
        draft_id=draft_id, form=form, paper=paper, handed_back=handed_back, actor=actor, at=at
    )
    for code, (name, content) in files.items():
        drafts.add_file(
            draft_id=draft_id, code=code, name=name, content=content, actor=actor, at=at
        )
    return drafts.own_draft(draft_id, actor=actor) if files else draft


def take_in(
    *,
    draft_id: uuid.UUID,
    form: dict[str, Any],
    paper: list[str],
    files: Files,
    handed_back: list[str] | None = None,
    actor: Actor,
    at: datetime,
) -> Case:
    """Keep everything, then receive. Nothing missing stops it; what was typed wrongly does.

    A second time gives the same case. Raises InvalidInputError, FileRefusedError.
    """
    try:
        typed: dict[str, Any] = {"form": form, "paper": paper, "handed_back": handed_back}
        keep(draft_id=draft_id, files=files, **typed, actor=actor, at=at)
    except CaseNotFoundError:
        if not Case.objects.filter(filing_key=draft_id).exists():
            raise
    return filing.submit(draft_id=draft_id, actor=actor, at=at)


def save_checks(
    *,
    case_id: int,
    checks: dict[str, Check],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> int | None:
    """Save what changed of ticks and problems; returns the version the case has now.

    Raises NotNowError for a tick on a material this clerk has not opened, ConflictError.
    """
    rows = CaseMaterial.objects.filter(case_id=case_id, code__in=checks).order_by("id")
    for row in rows:
        check = checks[row.code]
        if check.points == set(row.points) and check.problem.strip() == row.problem:
            continue
        version = receiving.tick(
            case_id=case_id,
            code=row.code,
            points=sorted(check.points),
            problem=check.problem,
            actor=actor,
            at=at,
            version=version,
        ).version
    return version


def correct_material(
    *,
    case_id: int,
    code: str,
    checks: dict[str, Check],
    files: Files,
    handed_back: list[str] | None = None,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """当场更正 of one material: a new file, or the paper taken in hand. A paper that is said to be
    given back is there as a scan, or it would be noted as kept. Raises InvalidInputError."""
    version = save_checks(case_id=case_id, checks=checks, actor=actor, at=at, version=version)
    if code in files:
        return receiving.correct_on_spot(
            case_id=case_id,
            files={code: files[code]},
            handed_back=[code] if code in (handed_back or ()) else None,
            actor=actor,
            at=at,
            version=version,
        )
    if not code:
        raise InvalidInputError({"code": "请选择要更正的材料。"})
    if code in (handed_back or ()):
        names = CaseMaterial.objects.filter(case_id=case_id, code=code).values_list(
            "name", flat=True
        )
        raise InvalidInputError({f"material-{code}": drafts.scan_first(names.first() or "材料")})
    return receiving.receive_paper(case_id=case_id, code=code, actor=actor, at=at, version=version)


def open_to_check(
    *,
    case_id: int,
    code: str,
    checks: dict[str, Check],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> CaseMaterial:
    """Open a material, keeping what was ticked on the others before."""
    save_checks(case_id=case_id, checks=checks, actor=actor, at=at, version=version)
    return receiving.open_material(case_id=case_id, code=code, actor=actor, at=at)


def accept(
    *,
    case_id: int,
    checks: dict[str, Check],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """受理 with the ticks of the same form; these stay saved where something is still open."""
    version = save_checks(case_id=case_id, checks=checks, actor=actor, at=at, version=version)
    return receiving.accept(case_id=case_id, actor=actor, at=at, version=version)


def _is_gap(row: CaseMaterial) -> bool:
    return row.required and row.status == MaterialStatus.MISSING


def request_correction(
    *,
    case_id: int,
    checks: dict[str, Check],
    lines: list[tuple[str, str]],
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """告知补正, composed from the problems noted on materials and the free lines.

    A required material that is not there is always told: the notice comes once, with everything.
    """
    version = save_checks(case_id=case_id, checks=checks, actor=actor, at=at, version=version)
    rows = CaseMaterial.objects.filter(case_id=case_id).order_by("id")
    noted = [(row.name, row.problem or NOT_THERE) for row in rows if row.problem or _is_gap(row)]
    return receiving.request_correction(
        case_id=case_id, items=[*noted, *lines], actor=actor, at=at, version=version
    )
