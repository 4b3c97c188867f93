"""What a guide says, part by part, computed from the version in force and what the city holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yiwang.apps.catalog.domain.definition import Definition, MaterialDefinition
from yiwang.apps.catalog.domain.vocabulary import Audience, MaterialSource
from yiwang.apps.catalog.pages.figures import Figure, figure_of
from yiwang.apps.catalog.pages.guide_situations import (
    Answers,
    condition_in_words,
    is_open,
    is_out,
)
from yiwang.apps.catalog.pages.guide_special import (
    Told,
    commitments_of,
    deferral_of,
    handling_in_words,
    procedures_of,
    remedy_in_words,
    renewal_of,
)
from yiwang.apps.catalog.public import CurrentVersion
from yiwang.apps.certificates.public import Certificate, held_certificates
from yiwang.foundation.access import Actor
from yiwang.kernel.clock import Limit


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    """A material with what the visitor has to do about it."""

    material: MaterialDefinition
    held: Certificate | None
    when: str = ""
    is_replaceable: bool = False

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
    answers: Answers

    @property
    def handling(self) -> str:
        return handling_in_words(self.item)

    @property
    def deferral(self) -> Told | None:
        return deferral_of(self.item)

    @property
    def commitments(self) -> tuple[Told, ...]:
        return commitments_of(self.item)

    @property
    def procedures(self) -> tuple[Told, ...]:
        return procedures_of(self.item)

    @property
    def extension(self) -> str:
        """How much longer it may take, e.g. 10 个工作日; "" where nothing may be added."""
        rule = self.item.extension
        return Limit.parse(rule.limit).label if rule else ""

    @property
    def renewal(self) -> Told | None:
        return renewal_of(self.item)

    @property
    def remedy(self) -> str:
        return remedy_in_words(self.item)

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
        if self.item.is_zero_visit:
            return f"零跑动:{'、'.join(mode.label for mode in self.item.zero_visit_modes)}"
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


def guide_of(
    version: CurrentVersion, *, actor: Actor, today: date, answers: Answers | None = None
) -> Guide:
    """The guide; for somebody signed in, with what the city holds of them and of those they act
    for (one statement). `answers` tell the situation: what it does not ask for is left out."""
    definition, answers = version.definition, answers or {}
    held = _held(definition, actor, today)
    replaceable = {code for one in definition.commitments for code in one.replaces}
    rows = [
        GuideMaterial(
            m,
            held.get(m.licence_kind),
            condition_in_words(definition, m),
            m.code in replaceable,
        )
        for m in definition.materials
        if not is_out(m, answers)
    ]
    open_rows = [r for r in rows if not r.held and _is_open(r.material, answers)]
    settled = [r for r in rows if r.held or not _is_open(r.material, answers)]
    return Guide(
        version=version,
        promised=figure_of(definition.limits.promised),
        statutory=figure_of(definition.limits.statutory) if definition.limits.statutory else None,
        needed=tuple(r for r in settled if not (r.held or r.is_generated)),
        sometimes=tuple(open_rows),
        spared=tuple(r for r in settled if r.held or r.is_generated),
        steps=_steps(definition),
        answers=answers,
    )


def _is_open(material: MaterialDefinition, answers: Answers) -> bool:
    """True where it depends on more than is known here whether the material is handed in."""
    return is_open(material, answers) or not material.required


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
    first = "收件和受理" if definition.handling.is_own else "收件"
    steps = [
        GuideStep("提交申请", "您", "随时", "网上提交或到窗口,提交后当场给您收件凭证和查询码"),
        GuideStep(first, "综合窗口", receipt.text, "材料不齐的,一次告知全部补正内容"),
        *(_own_steps(definition) if definition.handling.is_own else _outside_steps(definition)),
    ]
    delivery = figure_of(limits.delivery).text if limits.delivery else "决定后"
    ways = {"WINDOW": "窗口领取", "POST": "邮寄", "ONLINE": "网上签收"}
    how = "、".join(ways[way] for way in definition.result.delivery)
    steps.append(GuideStep("领取结果", "您", delivery, how))
    return tuple(steps)


def _own_steps(definition: Definition) -> list[GuideStep]:
    steps = []
    for step in definition.route:
        who = f"{step.people} 名以上工作人员" if step.people > 1 else "审批人员"
        beside = [s.name for s in definition.route if s.after == step.after and s is not step]
        note = f"与「{'、'.join(beside)}」同时进行" if beside and step.after else ""
        steps.append(GuideStep(step.name, who, Limit.parse(step.limit).label, note))
    return steps


def _outside_steps(definition: Definition) -> list[GuideStep]:
    """What happens elsewhere is told as one step: its parts are not this platform's to promise."""
    system = definition.handling.name
    promised = figure_of(definition.limits.promised).text
    return [
        GuideStep("转办", "综合窗口", "材料核对后", f"转给{system},给您转办凭证"),
        GuideStep("办理和决定", system, promised, "状态回传到您的进度页,以该系统的结果为准"),
    ]
