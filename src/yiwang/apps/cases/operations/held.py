"""After receipt: what the city holds is taken from it and never asked of the applicant.

在线政务服务若干规定 §7, 优化营商环境条例 §36. A source that was silent is asked again when it
answers.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.grades import TrustGrade
from yiwang.apps.cases.domain.machine import CaseAction, CaseState
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.events import HoldingsAnswered
from yiwang.apps.cases.models import Case, CaseMaterial, MaterialStatus
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.contents import material_row
from yiwang.apps.cases.operations.holdings import Holdings, held_of_case, origin_of
from yiwang.apps.certificates.public import Certificate
from yiwang.foundation.access import Actor, system_actor

NOT_FOUND = "数据源恢复后没有查到"
# 「营业执照复印件」 is the 营业执照; 「营业执照上的地址」 is not.
_COPY = re.compile(r"[\s《》「」()()]|正本|副本|原件|复印件|扫描件|照片|电子版|电子证照")
_OPEN_TO_ASK = (MaterialStatus.HELD, MaterialStatus.MISSING, MaterialStatus.UNCERTAIN)


def refuse_what_is_held(act: Act, asked: list[str]) -> None:
    """Raises InvalidInputError where a correction notice would ask for what the city holds, or
    for what a silent source may hold."""
    rows = list(CaseMaterial.objects.filter(case=act.case, status__in=_OPEN_TO_ASK))
    holdings = held_of_case(act.case, act.definition, {row.code for row in rows}, act.at)
    plain = {_COPY.sub("", what) for what in asked}
    for row in rows:
        found = holdings.held.get(row.code)
        names = {_COPY.sub("", name) for name in (row.name, found.name if found else "") if name}
        if not plain & names:
            continue
        if row.status == MaterialStatus.HELD:
            raise InvalidInputError(
                {"items": f"「{row.name}」已从{row.note}取用,不能再要求申请人提交,请从补正里去掉。"}
            )
        if found is not None:
            raise InvalidInputError(
                {
                    "items": f"「{row.name}」本市已有({origin_of(found)}),不能要求申请人提交;"
                    "请点「取用已有证照」。"
                }
            )
        if row.code in holdings.unanswered:
            raise InvalidInputError(
                {
                    "items": f"「{row.name}」的数据源暂时查不到,恢复后由平台核对,"
                    "不能要求申请人补交;申请人自己带来的可以收。"
                }
            )


def _take(row: CaseMaterial, found: Certificate) -> None:
    row.status, row.certificate_id, row.note = MaterialStatus.HELD, found.pk, origin_of(found)
    row.problem, row.grade, row.is_deferred = "", TrustGrade.A, False
    row.save(update_fields=["status", "certificate_id", "note", "problem", "grade", "is_deferred"])


@transaction.atomic
def use_held(
    *, case_id: int, code: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """Take a material from the certificate base instead of asking for it. Raises NotNowError."""
    act = begin(
        case_id=case_id,
        action=CaseAction.CORRECT_ON_SPOT,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.ACCEPT,
    )
    row = material_row(act, code)
    if row.status not in (MaterialStatus.MISSING, MaterialStatus.UNCERTAIN):
        raise NotNowError(f"「{row.name}」已经有了,不用从证照库取用。")
    found = held_of_case(act.case, act.definition, {code}, at).held.get(code)
    if found is None:
        raise NotNowError(f"证照库里没有查到申请人的「{row.name}」,请收取或列入补正。")
    _take(row, found)
    act.facts["materials"] = {code: f"certificate:{found.pk}"}
    return act.commit()


@transaction.atomic
def answer_for(*, case_id: int, at: datetime) -> Case | None:
    """Ask a source that answers again for what it was silent about; None where nothing changed.

    Found: 不用提交. Not found: missing, and the applicant is told; after an acceptance by silence
    it may be supplied as a deferred one. The platform's own act.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.ASK_AGAIN,
        actor=system_actor("source"),
        at=at,
        version=None,
    )
    rows = CaseMaterial.objects.filter(case=act.case, status=MaterialStatus.UNCERTAIN)
    open_rows = {row.code: row for row in rows.select_for_update()}
    holdings = held_of_case(act.case, act.definition, {*open_rows}, at)
    told = _settle(act, open_rows, holdings)
    if not told:
        return None
    act.facts["materials"] = told
    act.events.append(HoldingsAnswered(case_id=act.case.pk))
    return act.commit()


def _settle(act: Act, rows: dict[str, CaseMaterial], holdings: Holdings) -> dict[str, str]:
    """Material code → what it is now, as the record tells it."""
    told = {}
    for code, row in rows.items():
        if code in holdings.unanswered:
            continue
        if (found := holdings.held.get(code)) is not None:
            _take(row, found)
            told[code] = f"certificate:{found.pk}"
            continue
        row.status, row.note = MaterialStatus.MISSING, NOT_FOUND
        row.is_deferred = act.case.state == CaseState.REVIEW and row.required
        row.save(update_fields=["status", "note", "is_deferred"])
        told[code] = "MISSING"
    return told
