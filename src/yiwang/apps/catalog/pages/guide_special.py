"""The special branches of an item in words: who decides, 容缺, 告知承诺, procedures, renewal."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.special import Commitment, ProcedureRule
from yiwang.apps.catalog.domain.vocabulary import HandlingSystem, Mark, ProcedureKind
from yiwang.kernel.clock import Limit


@dataclass(frozen=True, slots=True)
class Told:
    """One branch as a guide tells it: a name, sentences, and the article with its doubt."""

    name: str
    texts: tuple[str, ...]
    origin: str = ""


def _origin(article: str, mark: Mark) -> str:
    doubt = "" if mark.is_known else f"「{mark.label}」"
    return f"{doubt} {article}".strip()


def handling_in_words(definition: Definition) -> str:
    """Who decides where it is not this platform; "" where it is."""
    handling = definition.handling
    if handling.is_own:
        return ""
    words = f"由{handling.name}办理,本平台提供指南、收件转办和状态回传。"
    return f"{words}{handling.note}"


def deferral_of(definition: Definition) -> Told | None:
    """容缺受理: which materials may follow, until when, and what silence leads to."""
    deferral = definition.deferral
    if deferral is None:
        return None
    names = "、".join(f"「{m.name}」" for m in definition.materials if m.is_deferrable)
    limit = Limit.parse(deferral.limit).label
    return Told(
        "可以先受理、后补交(容缺受理)",
        (
            f"其他材料齐全,只缺{names}的,您书面承诺后可以先受理。",
            f"请在受理后 {limit}内补交,补齐前不作决定。逾期没有补交的,{deferral.overdue.label}。",
        ),
        _origin(deferral.article or deferral.source, deferral.mark),
    )


def commitments_of(definition: Definition) -> tuple[Told, ...]:
    return tuple(_commitment(definition, one) for one in definition.commitments)


def _commitment(definition: Definition, one: Commitment) -> Told:
    replaced = [m.name for m in definition.materials if m.code in one.replaces]
    skipped = [step.name for step in definition.route if step.code in one.skips]
    within = Limit.parse(one.check_within).label
    texts = [f"承诺的内容:{one.text}"]
    if replaced:
        texts.append(f"作出承诺的,不用提交{'、'.join(f'「{name}」' for name in replaced)}。")
    if skipped:
        texts.append(
            f"作出承诺的,决定前不做{'、'.join(f'「{name}」' for name in skipped)},改为事后核查。"
        )
    texts.append(f"决定后 {within}内核查:{'、'.join(one.check_points)}。")
    texts.append(f"违反承诺的后果:{one.consequence}")
    if one.excluded_note:
        texts.append(f"不适用的情形:{one.excluded_note}")
    texts.append("选不选由您决定,也可以按一般程序办理。")
    return Told(f"{one.title}({one.kind.label})", tuple(texts), _origin(one.article, one.mark))


def procedures_of(definition: Definition) -> tuple[Told, ...]:
    return tuple(_procedure(definition, rule) for rule in definition.procedures)


def _procedure(definition: Definition, rule: ProcedureRule) -> Told:
    texts = ["每一件都要进行。" if rule.is_required else "符合情形的才进行。"]
    if rule.days:
        texts.append(f"时间 {Limit.parse(rule.days).label}。")
    ground = definition.pause_ground(rule.pause_ground)
    if ground is None:
        texts.append("不停止计时。")
    elif ground.stops_statutory:
        texts.append("所需时间依法不计入办理期限,会书面告知您。")
    else:
        texts.append("只停止承诺时限,法定时限照常计算。")
    if rule.note:
        texts.append(f"{rule.note}。")
    name = rule.name if rule.name == rule.kind.label else f"{rule.name}({rule.kind.label})"
    if rule.kind is ProcedureKind.TESTING:
        name = rule.name
    return Told(name, tuple(texts), _origin(rule.article, rule.mark))


def renewal_of(definition: Definition) -> Told | None:
    """延续: when to apply, and what silence of the organ means."""
    renewal = definition.renewal
    if renewal is None:
        return None
    opens, closes = Limit.parse(renewal.opens).label, Limit.parse(renewal.closes).label
    texts = [
        f"需要继续使用的,在有效期届满前 {opens}到 {closes}之间申请延续,"
        f"延续后有效 {renewal.years} 年。"
    ]
    if renewal.is_deemed:
        texts.append("按时申请、届满前没有作出决定的,视为准予延续(行政许可法 §50)。")
    return Told("到期延续", tuple(texts), _origin(renewal.article, renewal.mark))


def remedy_in_words(definition: Definition) -> str:
    """Where a result may be taken. 行政复议 lies with a people's government (行政复议法 §24): of
    an enterprise or a people's organisation the item's own words tell the way instead."""
    remedy = definition.remedy
    where = f"{remedy.review_organ}(地址:{remedy.review_address})"
    if remedy.review_organ.endswith("人民政府"):
        return (
            f"对办理结果不服的,可以向{where}申请行政复议,"
            f"也可以向{remedy.court}提起行政诉讼。{remedy.note}"
        )
    act = "投诉" if definition.handling.system is HandlingSystem.ENTERPRISE else "提出"
    return f"对办理结果有异议的,可以向{where}{act}。{remedy.note}"
