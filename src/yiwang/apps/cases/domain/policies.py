"""When an act is open, beyond the state: every guard of the transition table, as a reason."""

from __future__ import annotations

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


def guard_reason(guard: str, situation: Situation) -> str:
    """ "" where the guard holds, else the Chinese reason with what to do instead."""
    return _GUARDS[guard](situation)


def _not_asked_before(s: Situation) -> str:
    if s.corrections_asked == 0:
        return ""
    return "已经一次性告知过补正内容(行政许可法 §32(4)),不能再次要求补正。请受理,或提请审批办认定。"


def _opinions_given(s: Situation) -> str:
    if not s.open_steps:
        return ""
    return f"还有环节没有完成:{'、'.join(s.open_steps)}。全部完成后才能作出决定。"


def _not_paused(s: Situation) -> str:
    return "" if s.open_pauses == 0 else "现在处于停止计时期间,请先恢复计时,再作出决定。"


def _extended_once(s: Situation) -> str:
    if not s.can_extend:
        return "这个事项没有可以延长期限的依据。"
    return "期限只能延长一次(行政许可法 §42),本件已经延长过。" if s.extended else ""


def _regime_can_refuse(s: Situation) -> str:
    return "" if s.regime_refuses else "备案类事项没有不予决定,请告知补正或予以备案。"


def _document_ready(s: Situation) -> str:
    return "" if s.result_ready else "结果文书还在制作,制作完成后才能发放。通常只需几秒钟。"


_GUARDS = {
    "not_asked_before": _not_asked_before,
    "opinions_given": _opinions_given,
    "not_paused": _not_paused,
    "extended_once": _extended_once,
    "regime_can_refuse": _regime_can_refuse,
    "document_ready": _document_ready,
}
