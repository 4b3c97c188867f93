"""Keeping texts for opinions and reasons, and filling one in for a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.templates import (
    LONGEST,
    Place,
    TemplateState,
    TemplateUse,
    filled,
    unknown_places,
)
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.models import Case, CaseMaterial, MaterialStatus, OpinionTemplate
from yiwang.apps.cases.operations.wording import too_short
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import chinese_date

MOST_OWN = 50


@dataclass(frozen=True, slots=True)
class Text:
    """What was typed: for which act, perhaps for one item and one step only."""

    use: str
    title: str
    text: str
    item_code: str = ""
    step: str = ""


@transaction.atomic
def add_template(*, new: Text, organ: int | None, actor: Actor, at: datetime) -> OpinionTemplate:
    """One's own (no organ) is in use at once; an organ's waits for a second person. Raises
    InvalidInputError, AccessDeniedError."""
    if organ is not None:
        actor.require(permissions.KEEP_TEMPLATES, organ_id=organ)
    if problems := _problems(new):
        raise InvalidInputError(problems)
    own = OpinionTemplate.objects.filter(account_id=actor.account_id or 0)
    if organ is None and own.count() >= MOST_OWN:
        raise InvalidInputError({"title": f"最多保存 {MOST_OWN} 条自己的模板,请先删除不用的。"})
    row = OpinionTemplate.objects.create(
        account_id=None if organ else actor.account_id,
        organ_id=organ,
        use=new.use,
        item_code=new.item_code,
        step=new.step.strip(),
        title=new.title.strip(),
        text=new.text.strip(),
        state=TemplateState.PROPOSED if organ else TemplateState.ACTIVE,
        proposed_by=actor.ref,
        proposed_at=at,
    )
    if organ:
        _note(row, "cases.propose_template", actor, at)
    return row


def _problems(new: Text) -> dict[str, str]:
    found = too_short(
        ("title", new.title, 2, "请写一个标题,例如:材料齐全。"),
        ("text", new.text, 2, "请写模板的内容。"),
    )
    if new.use not in list(TemplateUse):
        found["use"] = "请选择模板的用途。"
    if len(new.title.strip()) > 30:
        found["title"] = "标题最多 30 个字。"
    if len(new.text) > LONGEST:
        found["text"] = f"内容最多 {LONGEST} 个字。"
    elif unknown := unknown_places(new.text):
        known = "、".join(f"{{{place}}}" for place in Place)
        found["text"] = f"花括号里只能写 {known};「{unknown[0]}」不能自动填写,请改正。"
    return found


@transaction.atomic
def confirm_template(*, template_id: int, actor: Actor, at: datetime) -> OpinionTemplate:
    """A second person of the organ agrees. Raises NotNowError, CaseNotFoundError."""
    row = _of_organ(template_id, actor)
    if row.state != TemplateState.PROPOSED:
        raise NotNowError("这条模板不在待确认状态,请刷新后再看。")
    if row.proposed_by == actor.ref:
        raise NotNowError("提出的人不能自己确认,请由本单位另一位工作人员确认。")
    row.state, row.confirmed_by, row.confirmed_at = TemplateState.ACTIVE, actor.ref, at
    row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _note(row, "cases.confirm_template", actor, at)
    return row


@transaction.atomic
def remove_template(*, template_id: int, actor: Actor, at: datetime) -> None:
    """One's own goes; the organ's is retired and stays on the record."""
    own = OpinionTemplate.objects.filter(pk=template_id, account_id=actor.account_id or 0)
    if own.delete()[0]:
        return
    row = _of_organ(template_id, actor)
    row.state = TemplateState.RETIRED
    row.save(update_fields=["state"])
    _note(row, "cases.retire_template", actor, at)


def _of_organ(template_id: int, actor: Actor) -> OpinionTemplate:
    organs = actor.organ_ids(permissions.KEEP_TEMPLATES)
    if not organs:
        raise AccessDeniedError
    rows = OpinionTemplate.objects.select_for_update().filter(organ_id__in=organs)
    row = rows.filter(pk=template_id).first()
    if row is None:
        raise CaseNotFoundError
    return row


def _note(row: OpinionTemplate, operation: str, actor: Actor, at: datetime) -> None:
    append(
        subject=f"opinion_template:{row.pk}",
        operation=operation,
        actor=actor.ref,
        at=at,
        facts={"organ": row.organ_id, "template_use": row.use, "title": row.title},
    )


def usable_templates(case: Case, *, actor: Actor) -> list[OpinionTemplate]:
    """In use for this item: one's own and those of the organ that decides. One statement."""
    rows = OpinionTemplate.objects.filter(
        Q(account_id=actor.account_id or 0) | Q(organ_id=case.organ_id),
        state=TemplateState.ACTIVE,
        item_code__in=("", case.item_code),
    )
    return list(rows.order_by("organ_id", "title", "id")[:60])


def values_for(case: Case, materials: list[CaseMaterial]) -> dict[Place, str]:
    """What the places stand for in this case. No name is put in: who reads knows who is meant."""
    wanting = [
        row.name
        for row in materials
        if row.problem or (row.required and row.status == MaterialStatus.MISSING)
    ]
    promised = case.promised_due_on
    return {
        Place.ADDRESS: "贵单位" if case.is_organisation else "您",
        Place.MATERIAL: "、".join(f"「{name}」" for name in wanting) or "有关材料",
        Place.PROMISED: chinese_date(promised) if promised else "承诺的日期",
    }


def text_for(row: OpinionTemplate, values: dict[Place, str]) -> str:
    return filled(row.text, values)
