"""When a definition may be published: every reason against it, at once, with what to do."""

from __future__ import annotations

from yiwang.apps.catalog.domain.definition import Definition, LimitFigure
from yiwang.apps.catalog.domain.problem import Problem
from yiwang.apps.catalog.domain.publishing_special import special_problems
from yiwang.apps.catalog.domain.vocabulary import CaseKind, ItemKind, Regime, ZeroVisitMode
from yiwang.kernel.clock import Limit, Unit
from yiwang.kernel.rules import check as check_table
from yiwang.kernel.rules import load as load_table


def problems(definition: Definition) -> list[Problem]:
    """All reasons why this definition may not be published; empty where there is none."""
    return [
        *_guide(definition),
        *_limits(definition),
        *_route(definition),
        *_form(definition),
        *_result(definition),
        *_access(definition),
        *_rules(definition),
        *special_problems(definition),
    ]


def _guide(d: Definition) -> list[Problem]:
    """R077: no guide without basis, materials and limits; 行政许可法 §30."""
    found = []
    if not d.bases:
        found.append(Problem("设立依据", "没有设立依据,请写明法律、法规或规定的条款。"))
    if not d.materials:
        found.append(Problem("申报材料", "没有申报材料;如果确实不收材料,请列出由系统核验的材料。"))
    if not d.conditions:
        found.append(Problem("受理条件", "没有受理条件。"))
    if not d.places:
        found.append(Problem("办理地点", "没有办理地点和时间。"))
    if not d.consult_phone or not d.complaint_phone:
        found.append(Problem("电话", "咨询电话和投诉电话都要填写。"))
    elif d.consult_phone == d.complaint_phone and d.consult_phone != "12345":
        found.append(Problem("电话", "咨询电话和投诉电话不能相同。"))
    if d.kind is ItemKind.PERMIT and not d.questions:
        found.append(Problem("常见问题", "行政许可事项至少要有一个常见问题。"))
    if d.fee.charged and not (d.fee.basis and d.fee.standard):
        found.append(Problem("收费", "收费事项要写明收费依据和标准(行政许可法 §58)。"))
    return found


def _comparable(one: Limit, other: Limit) -> bool:
    return one.unit is other.unit


def _limits(d: Definition) -> list[Problem]:
    found = []
    limits = d.limits
    figures = (
        ("收件告知时限", limits.receipt),
        ("法定时限", limits.statutory),
        ("承诺时限", limits.promised),
        ("送达时限", limits.delivery),
    )
    for name, figure in figures:
        if figure is not None:
            found += _figure(name, figure)
    promised = limits.promised.to_limit()
    if limits.statutory is not None:
        statutory = limits.statutory.to_limit()
        if _comparable(promised, statutory) and promised.number > statutory.number:
            found.append(Problem("承诺时限", "承诺时限不能长于法定时限。"))
        if not _comparable(promised, statutory) and not _surely_shorter(promised, statutory):
            found.append(
                Problem("承诺时限", "承诺时限与法定时限单位不同且无法保证更短,请改用相同单位。")
            )
    immediate = promised.number == 0 and promised.unit is Unit.WORKING_DAY
    if immediate is not (d.case_kind is CaseKind.IMMEDIATE):
        found.append(Problem("办件类型", "即办件的承诺时限必须是当日(0wd),承诺件必须大于 0。"))
    if d.regime is Regime.PERMIT and limits.delivery is None:
        found.append(Problem("送达时限", "行政许可要有送达时限(一般为决定后 10 个工作日,§44)。"))
    return found


def _surely_shorter(promised: Limit, statutory: Limit) -> bool:
    """Working days against natural days: five working days may take nine days with a holiday, so
    only a generous distance is accepted (n working days <= 2n + 7 natural days)."""
    if promised.unit is Unit.WORKING_DAY and statutory.unit is Unit.NATURAL_DAY:
        return promised.number * 2 + 1 <= statutory.number or promised.number <= 1
    if promised.unit is Unit.WORKING_DAY and statutory.unit is Unit.MONTH:
        return promised.number <= 18 * statutory.number
    return (
        promised.unit is Unit.NATURAL_DAY
        and statutory.unit is Unit.WORKING_DAY
        and (promised.number <= statutory.number)
    )


def _figure(name: str, figure: LimitFigure) -> list[Problem]:
    if figure.mark.is_known and not (figure.article or figure.source):
        return [Problem(name, f"标为「{figure.mark.label}」的时限要写明依据条款或来源。")]
    return []


def _route(d: Definition) -> list[Problem]:
    if not d.handling.is_own and not d.route:
        return []  # another system decides: its steps are not ours to promise
    codes = [step.code for step in d.route]
    found = []
    if len(set(codes)) != len(codes):
        found.append(Problem("审查路线", "环节标识重复。"))
    for step in d.route:
        found += [
            Problem("审查路线", f"环节「{step.name}」的前置环节 {name} 不存在。")
            for name in step.after
            if name not in codes
        ]
    if found:
        return found
    deciding = [step for step in d.route if step.job == "decide"]
    if len(deciding) != 1:
        return [Problem("审查路线", "必须有且只有一个决定环节。")]
    order = _ordered(d)
    if order is None:
        return [Problem("审查路线", "环节互为前置,无法开始。")]
    others = {step.code for step in d.route} - {deciding[0].code}
    if not others <= _before(d, deciding[0].code):
        found.append(Problem("审查路线", "决定环节要在其他所有环节之后。"))
    return found + _route_time(d, order)


def _ordered(d: Definition) -> list[str] | None:
    """Steps in an order that respects `after`, or None for a cycle."""
    done: list[str] = []
    waiting = {step.code: set(step.after) for step in d.route}
    while waiting:
        ready = [code for code, after in waiting.items() if after <= set(done)]
        if not ready:
            return None
        for code in ready:
            done.append(code)
            del waiting[code]
    return done


def _before(d: Definition, code: str) -> set[str]:
    after = {step.code: step.after for step in d.route}
    found: set[str] = set()
    frontier = list(after[code])
    while frontier:
        name = frontier.pop()
        if name not in found:
            found.add(name)
            frontier += after[name]
    return found


def _route_time(d: Definition, order: list[str]) -> list[Problem]:
    """Step limits along the longest path may not exceed the promised limit."""
    promised = d.limits.promised.to_limit()
    steps = {step.code: step for step in d.route}
    limits = {code: Limit.parse(step.limit) for code, step in steps.items()}
    if any(limit.unit is not promised.unit for limit in limits.values()):
        return []
    longest: dict[str, int] = {}
    for code in order:
        before = max((longest[name] for name in steps[code].after), default=0)
        longest[code] = before + limits[code].number
    if max(longest.values()) > promised.number:
        return [
            Problem(
                "审查路线",
                f"各环节时限合计 {max(longest.values())} 天,超过承诺的 {promised.number} 天。",
            )
        ]
    return []


def _form(d: Definition) -> list[Problem]:
    properties = set(d.form.schema_.get("properties", {}))
    asked = [code for section in d.form.sections for code in section.fields]
    found = []
    if len(set(asked)) != len(asked):
        found.append(Problem("表单", "有字段在表单里出现了两次。"))
    if missing := sorted(properties - set(asked)):
        found.append(Problem("表单", f"字段 {'、'.join(missing)} 没有放进任何一页。"))
    if unknown := sorted(set(asked) - properties):
        found.append(Problem("表单", f"字段 {'、'.join(unknown)} 没有定义。"))
    return found


def _result(d: Definition) -> list[Problem]:
    found = []
    properties = set(d.form.schema_.get("properties", {}))
    for field in d.result.fields:
        kind, _, name = field.source.partition(".")
        known = {
            "form": properties,
            "holder": {"name", "paper_number", "paper_kind", "address", "legal_representative"},
            "case": {"item_name", "organ_name", "short_number", "decided_on", "accepted_on"},
        }.get(kind)
        if known is None or name not in known:
            found.append(
                Problem("办理结果", f"结果栏「{field.label}」的来源 {field.source} 不存在。")
            )
    if d.regime is Regime.FILING and d.result.refuse_word:
        found.append(Problem("办理结果", "备案没有不予决定,请去掉否定用语。"))
    if d.result.kind == "CERTIFICATE" and d.result.licence_type is None:
        found.append(Problem("办理结果", "结果为证照的,要填证照类型代码。"))
    return found


def _access(d: Definition) -> list[Problem]:
    found = []
    if d.visits and not d.visit_reason:
        found.append(Problem("到现场次数", "需要到现场的,要写明原因。"))
    if d.visits == 0 and not d.online and "POST" not in d.result.delivery:
        found.append(Problem("到现场次数", "到现场 0 次的,要能网上办或邮寄。"))
    return found + _zero_visit(d)


def _zero_visit(d: Definition) -> list[Problem]:
    """What an item lacks that says it is 零跑动."""
    if not d.zero_visit_modes:
        return []
    found = []
    if d.visits:
        found.append(Problem("零跑动", f"到现场次数是 {d.visits},零跑动的事项要是 0 次。"))
    if not d.reaches_home:
        found.append(Problem("零跑动", "结果只能到窗口领,要能网上签收、邮寄或者送上门。"))
    online = {ZeroVisitMode.ONLINE, ZeroVisitMode.MOBILE} & {*d.zero_visit_modes}
    if online and not d.online:
        found.append(Problem("零跑动", "不能网上办的事项,不能写全流程网上办或掌上办。"))
    return found


def _rules(d: Definition) -> list[Problem]:
    if d.instant_rules is None:
        return []
    try:
        table = load_table(d.instant_rules)
    except ValueError as error:
        return [Problem("自动核验规则", str(error))]
    return [Problem("自动核验规则", problem.message) for problem in check_table(table)]
