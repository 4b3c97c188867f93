"""Reasons against publishing that lie in the special branches of an item."""

from __future__ import annotations

from collections.abc import Iterable

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.problem import Problem
from yiwang.apps.catalog.domain.special import Commitment, When
from yiwang.apps.catalog.domain.vocabulary import Depth, ItemKind, MaterialForm, ProcedureKind
from yiwang.kernel.clock import Limit


def special_problems(d: Definition) -> list[Problem]:
    """All reasons, in the order of the guide."""
    return [
        *_handling(d),
        *_situations(d),
        *_deferral(d),
        *[p for c in d.commitments for p in _commitment(d, c)],
        *_procedures(d),
        *_renewal(d),
        *_paperless(d),
        *_checked_later(d),
        *_blank(d),
        *_english(d),
    ]


def _blank(d: Definition) -> list[Problem]:
    """What is printed on numbered stock is handed over on paper, and is a certificate at all."""
    if d.result.blank is None:
        return []
    found = []
    if d.result.licence_type is None:
        found.append(Problem("空白证照", "只有颁发证照的事项才能设空白证照,请先填写证照类型代码。"))
    if not d.handling.is_own:
        found.append(Problem("空白证照", "由其他系统办理的事项不在这里制证,请去掉空白证照。"))
    if "ONLINE" in d.result.delivery:
        found.append(
            Problem(
                "空白证照", "打印在空白证照上的结果要发放原件,送达方式请去掉网上,只留窗口、邮寄。"
            )
        )
    return found


def _paperless(d: Definition) -> list[Problem]:
    """Nothing that has to be kept on paper may be asked for, and the way online must be open."""
    if not d.is_paperless:
        return []
    found = [
        Problem(f"申报材料「{m.name}」", "无纸化事项不收纸质材料,请把形式改为电子件。")
        for m in d.materials
        if m.form is not MaterialForm.ELECTRONIC
    ]
    if not d.online:
        found.append(Problem("无纸化", "无纸化事项要能在网上申请。"))
    return found


def _checked_later(d: Definition) -> list[Problem]:
    """先审后验 is for originals, and means a way to the window that the guide must tell of."""
    names = [m for m in d.materials if m.is_checked_later]
    found = [
        Problem(f"申报材料「{m.name}」", "只有要核验原件的材料才能先审后验。")
        for m in names
        if m.form not in (MaterialForm.ORIGINAL, MaterialForm.ORIGINAL_CHECKED)
    ]
    if names and not d.online:
        found.append(Problem("先审后验", "只能到窗口办的事项,收件时就核验原件,不用先审后验。"))
    if names and d.visits == 0:
        found.append(Problem("先审后验", "要到窗口核验原件的,跑动次数不能是 0 次。"))
    if names and d.instant_rules is not None:
        found.append(Problem("先审后验", "自动核验的事项不等待核验原件,两者只能选一。"))
    return found


def _handling(d: Definition) -> list[Problem]:
    if d.handling.is_own:
        return []
    found = []
    if not d.handling.name:
        found.append(Problem("办理系统", "由其他系统办理的,要写明是哪个系统。"))
    if d.depth is Depth.FULL and d.instant_rules is not None:
        found.append(Problem("办理系统", "不由本平台决定的事项不能有自动核验规则。"))
    return found


def _situations(d: Definition) -> list[Problem]:
    """Every condition asks a field of the form for an answer that the form offers."""
    found = []
    for material in d.materials:
        found += _conditions(d, f"申报材料「{material.name}」", material.when)
        if material.when and not material.required and not material.required_when:
            found.append(
                Problem(f"申报材料「{material.name}」", "有条件的材料要写明是必要还是可以不交。")
            )
    return found


def _conditions(d: Definition, where: str, conditions: Iterable[When]) -> list[Problem]:
    properties = d.form.schema_.get("properties", {})
    found = []
    for condition in conditions:
        schema = properties.get(condition.field)
        if schema is None:
            found.append(Problem(where, f"条件里的字段 {condition.field} 不在表单里。"))
            continue
        offered = _offered(schema)
        unknown = [str(v) for v in condition.values if offered and v not in offered]
        if unknown:
            found.append(Problem(where, f"字段 {condition.field} 没有选项 {'、'.join(unknown)}。"))
    return found


def _offered(schema: dict[str, object]) -> list[object]:
    if schema.get("type") == "boolean":
        return [True, False]
    part = schema.get("items", schema)
    assert isinstance(part, dict)
    return [*part.get("enum", ()), *(o.get("const") for o in part.get("oneOf", ()))]


def _deferral(d: Definition) -> list[Problem]:
    listed = [m.name for m in d.materials if m.is_deferrable]
    if d.deferral is None:
        if listed:
            return [Problem("容缺受理", f"「{listed[0]}」标了可容缺,但事项没有容缺补交期限。")]
        return []
    found = []
    if not listed:
        found.append(Problem("容缺受理", "有容缺期限,但没有一份材料标为可容缺。"))
    if all(m.is_deferrable for m in d.materials if m.required):
        found.append(Problem("容缺受理", "主要材料不能容缺:至少一份必要材料要在受理前交齐。"))
    limit, promised = Limit.parse(d.deferral.limit), d.limits.promised.to_limit()
    if limit.unit is promised.unit and limit.number > promised.number:
        found.append(Problem("容缺受理", "容缺补交期限不能长于承诺时限。"))
    return found


def _commitment(d: Definition, c: Commitment) -> list[Problem]:
    where = f"告知承诺「{c.title}」"
    if d.is_high_risk:
        return [Problem(where, "高风险事项不能用告知承诺(国办发〔2020〕42号),请去掉。")]
    found = _conditions(d, where, c.excluded)
    found += [
        Problem(where, f"代替的材料 {code} 不存在。")
        for code in c.replaces
        if d.material(code) is None
    ]
    steps = {step.code: step for step in d.route}
    for code in c.skips:
        if code not in steps:
            found.append(Problem(where, f"免去的环节 {code} 不存在。"))
        elif steps[code].job == "decide":
            found.append(Problem(where, "决定环节不能免去。"))
    if not c.replaces and not c.skips:
        found.append(Problem(where, "承诺没有代替任何材料或环节。"))
    if c.skips and not d.supervising_organ:
        found.append(Problem(where, "免去审查环节的,要写明事后核查的监管单位。"))
    return found


def _procedures(d: Definition) -> list[Problem]:
    found = []
    for rule in d.procedures:
        where = f"特别程序「{rule.name}」"
        if rule.pause_ground and d.pause_ground(rule.pause_ground) is None:
            found.append(Problem(where, f"停止计时事由 {rule.pause_ground} 不存在。"))
        ground = d.pause_ground(rule.pause_ground)
        if (
            rule.kind is ProcedureKind.PUBLICITY
            and d.kind is ItemKind.PERMIT
            and ground is not None
            and ground.stops_statutory
        ):
            found.append(Problem(where, "公示不在行政许可法 §45 之内,不能停止法定时限。"))
        if rule.kind is ProcedureKind.PUBLICITY and not rule.days:
            found.append(Problem(where, "公示要写明天数。"))
    return found


def _renewal(d: Definition) -> list[Problem]:
    if d.renewal is None:
        return []
    opens, closes = Limit.parse(d.renewal.opens), Limit.parse(d.renewal.closes)
    if opens.unit is closes.unit and opens.number < closes.number:
        return [Problem("延续", "开始受理延续的时间不能晚于截止时间。")]
    return []


def _english(d: Definition) -> list[Problem]:
    if d.english is None:
        if d.depth is Depth.FULL:
            return [Problem("英文指南", "完整事项要有英文指南。")]
        return []
    codes = {m.code for m in d.materials}
    found = []
    if missing := sorted(codes - d.english.materials.keys()):
        found.append(Problem("英文指南", f"材料 {'、'.join(missing)} 没有英文名。"))
    if unknown := sorted(d.english.materials.keys() - codes):
        found.append(Problem("英文指南", f"材料 {'、'.join(unknown)} 不存在。"))
    return found
