"""What a guide says, part by part, computed from the version in force and what the city holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yiwang.apps.catalog.domain.definition import Definition, MaterialDefinition
from yiwang.apps.catalog.domain.vocabulary import Audience, MaterialSource
from yiwang.apps.catalog.pages.figures import Figure, figure_of
from yiwang.apps.catalog.public import CurrentVersion
from yiwang.apps.certificates.public import Certificate, held_certificates
from yiwang.foundation.access import Actor
from yiwang.kernel.clock import Limit


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    """A material with what the visitor has to do about it."""

    material: MaterialDefinition
    held: Certificate | None

    @property
    def is_generated(self) -> bool:
        return self.material.source is MaterialSource.FORM

    @property
    def requirement(self) -> str:
        """How it is handed in: 电子件 1 份,由公安机关出具."""
        material = self.material
        if self.is_generated:
            return "由在线填写的内容自动生成"
        by = material.source_organ or (
            "" if material.source is MaterialSource.APPLICANT else material.source.label
        )
        return f"{material.form.label} {material.copies} 份" + (f",由{by}出具" if by else "")


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step of the way, with its limit."""

    name: str
    who: str
    limit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything a guide page shows."""

    version: CurrentVersion
    promised: Figure
    statutory: Figure | None
    needed: tuple[GuideMaterial, ...]
    sometimes: tuple[GuideMaterial, ...]
    spared: tuple[GuideMaterial, ...]
    steps: tuple[GuideStep, ...]

    @property
    def item(self) -> Definition:
        return self.version.definition

    @property
    def audience(self) -> str:
        words = {Audience.NATURAL_PERSON: "个人", Audience.LEGAL_PERSON: "企业和其他单位"}
        return "、".join(words[audience] for audience in self.item.audiences)

    @property
    def visits(self) -> str:
        return f"{self.item.visits} 次" if self.item.visits else "0 次"

    @property
    def visits_note(self) -> str:
        if self.item.visits:
            return self.item.visit_reason
        return "可以全程网上办" if self.item.online else ""

    @property
    def fee(self) -> str:
        return self.item.fee.standard or "收费" if self.item.fee.charged else "不收费"

    @property
    def validity(self) -> str:
        """How long the result is valid, with its doubt; "" where the item does not say."""
        result = self.item.result
        if result.valid_years is None:
            return ""
        mark = result.validity_mark
        doubt = "" if mark.is_known else f"「{mark.label}」"
        return f"有效期 {result.valid_years} 年{doubt}"

    @property
    def delivery(self) -> str:
        words = {"WINDOW": "窗口领取", "POST": "邮寄", "ONLINE": "网上签收"}
        return "、".join(words[way] for way in self.item.result.delivery)


def guide_of(version: CurrentVersion, *, actor: Actor, today: date) -> Guide:
    """The guide; for somebody signed in, with what the city holds of them and of those they act
    for (one statement)."""
    definition = version.definition
    held = _held(definition, actor, today)
    rows = [GuideMaterial(m, held.get(m.licence_kind)) for m in definition.materials]
    return Guide(
        version=version,
        promised=figure_of(definition.limits.promised),
        statutory=figure_of(definition.limits.statutory) if definition.limits.statutory else None,
        needed=tuple(r for r in rows if r.material.required and not (r.held or r.is_generated)),
        sometimes=tuple(r for r in rows if not r.material.required and not r.held),
        spared=tuple(r for r in rows if r.held or (r.material.required and r.is_generated)),
        steps=_steps(definition),
    )


def _held(definition: Definition, actor: Actor, today: date) -> dict[str, Certificate]:
    if actor.party_id is None:
        return {}
    kinds = sorted({m.licence_kind for m in definition.materials if m.licence_kind})
    holders = [actor.party_id] if Audience.NATURAL_PERSON in definition.audiences else []
    if Audience.LEGAL_PERSON in definition.audiences:
        holders += sorted(actor.represents)
    return held_certificates(holders, kinds, on=today) if holders else {}


def _steps(definition: Definition) -> tuple[GuideStep, ...]:
    limits = definition.limits
    receipt = figure_of(limits.receipt)
    steps = [
        GuideStep("提交申请", "您", "随时", "网上提交或到窗口,提交后当场给您收件凭证和查询码"),
        GuideStep("收件和受理", "综合窗口", receipt.text, "材料不齐的,一次告知全部补正内容"),
    ]
    for step in definition.route:
        who = f"{step.people} 名以上工作人员" if step.people > 1 else "审批人员"
        beside = [s.name for s in definition.route if s.after == step.after and s is not step]
        note = f"与「{'、'.join(beside)}」同时进行" if beside and step.after else ""
        steps.append(GuideStep(step.name, who, Limit.parse(step.limit).label, note))
    delivery = figure_of(limits.delivery).text if limits.delivery else "决定后"
    ways = {"WINDOW": "窗口领取", "POST": "邮寄", "ONLINE": "网上签收"}
    how = "、".join(ways[way] for way in definition.result.delivery)
    steps.append(GuideStep("领取结果", "您", delivery, how))
    return tuple(steps)
