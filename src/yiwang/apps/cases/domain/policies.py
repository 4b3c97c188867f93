"""When an act is open, beyond the state: every guard of the transition table, as a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Situation:
    """What guards look at. Facts of one case, read before the act."""

    corrections_asked: int = 0
    open_pauses: int = 0
    open_steps: tuple[str, ...] = ()
    extended: bool = False
    can_extend: bool = True
    regime_refuses: bool = True
    result_ready: bool = True
    is_being_made: bool = False
    is_referred: bool = False
    item_defers: bool = True
    gaps: tuple[str, ...] = ()
    ground_problem: str = ""
    silence_withdraws: bool = True
    elsewhere_problem: str = ""
    is_decided_here: bool = True
    open_procedures: tuple[str, ...] = ()
    missing_procedures: tuple[str, ...] = ()
    is_proposed_by_self: bool = False
    originals_due: tuple[str, ...] = ()
    originals_differing: tuple[str, ...] = ()


# What a reason rests on, put where it says {cited}: named only where it binds the item's regime.
_ARTICLES = {"not_asked_before": "行政许可法 §32(4)", "extended_once": "行政许可法 §42"}


def _uncited(article: str) -> str:
    return ""


def guard_reason(guard: str, situation: Situation, cited: Callable[[str], str] = _uncited) -> str:
    """ "" where the guard holds, else the Chinese reason with what to do instead. `cited` gives
    an article in brackets, or nothing where it does not bind the item."""
    reason = _GUARDS[guard](situation)
    return reason.replace("{cited}", cited(_ARTICLES.get(guard, "")))


def _not_asked_before(s: Situation) -> str:
    if s.corrections_asked == 0:
        return ""
    return "已经一次性告知过补正内容{cited},不能再次要求补正。请受理,或提请审批办认定。"


def _opinions_given(s: Situation) -> str:
    if not s.open_steps:
        return ""
    return f"还有环节没有完成:{'、'.join(s.open_steps)}。全部完成后才能作出决定。"


def _not_paused(s: Situation) -> str:
    return "" if s.open_pauses == 0 else "现在处于停止计时期间,请先恢复计时,再作出决定。"


def _extended_once(s: Situation) -> str:
    if not s.can_extend:
        return "这个事项没有可以延长期限的依据。"
    return "期限只能延长一次{cited},本件已经延长过。" if s.extended else ""


def _regime_can_refuse(s: Situation) -> str:
    return "" if s.regime_refuses else "备案类事项没有不予决定,请告知补正或予以备案。"


def _document_ready(s: Situation) -> str:
    if not s.result_ready:
        return "结果文书还在制作,制作完成后才能发放。通常只需几秒钟。"
    return "正在制证,制证完成并入库后才能发放。" if s.is_being_made else ""


def _is_referred(s: Situation) -> str:
    return "" if s.is_referred else "窗口没有提请认定。窗口提请后,由您在这里认定。"


def _item_defers(s: Situation) -> str:
    return "" if s.item_defers else "这个事项没有可以容缺的材料,缺少的材料请当场更正或告知补正。"


def _has_gaps(s: Situation) -> str:
    return "" if s.gaps else "这个办件没有容缺待补的材料。"


def _gaps_closed(s: Situation) -> str:
    if not s.gaps:
        return ""
    return f"容缺的材料还没有补齐并核对:{'、'.join(s.gaps)}。补齐前不能准予。"


def _ground_holds(s: Situation) -> str:
    return s.ground_problem


def _silence_withdraws(s: Situation) -> str:
    if s.silence_withdraws:
        return ""
    return "只有法律规定逾期未补正视为撤回的事项才能视为撤回,其他的由审批办书面终止。"


def _two_people(s: Situation) -> str:
    return "提出人不能自己确认,请由另一位工作人员确认。" if s.is_proposed_by_self else ""


def _decided_elsewhere(s: Situation) -> str:
    return s.elsewhere_problem


def _decided_here(s: Situation) -> str:
    if s.is_decided_here:
        return ""
    return "这个事项由其他系统受理和决定,请核对材料后转办,不在本平台受理。"


def _procedures_done(s: Situation) -> str:
    if s.open_procedures:
        return f"特别程序还没有结束:{'、'.join(s.open_procedures)}。结束后才能作出决定。"
    if s.missing_procedures:
        return f"依法必须先进行:{'、'.join(s.missing_procedures)}。"
    return ""


def _originals_due(s: Situation) -> str:
    if s.originals_due or s.originals_differing:
        return ""
    return "这个办件没有要现场核验的原件。"


def _originals_match(s: Situation) -> str:
    if s.originals_differing:
        names = "、".join(s.originals_differing)
        return f"现场核验时原件与上传的不一致:{names}。不能准予;请依法作出不予的决定,或待核验一致。"
    if s.originals_due:
        return f"先审后验:还没有现场核验原件:{'、'.join(s.originals_due)}。核验一致后才能准予。"
    return ""


_GUARDS = {
    "originals_due": _originals_due,
    "originals_match": _originals_match,
    "is_referred": _is_referred,
    "item_defers": _item_defers,
    "has_gaps": _has_gaps,
    "gaps_closed": _gaps_closed,
    "ground_holds": _ground_holds,
    "silence_withdraws": _silence_withdraws,
    "two_people": _two_people,
    "decided_elsewhere": _decided_elsewhere,
    "procedures_done": _procedures_done,
    "decided_here": _decided_here,
    "not_asked_before": _not_asked_before,
    "opinions_given": _opinions_given,
    "not_paused": _not_paused,
    "extended_once": _extended_once,
    "regime_can_refuse": _regime_can_refuse,
    "document_ready": _document_ready,
}
