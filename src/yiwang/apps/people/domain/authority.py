"""Acting for somebody else: what may be authorised, how it is confirmed, how it ends."""

from __future__ import annotations

from datetime import date

from yiwang.kernel.labelled import LabelledEnum
from yiwang.kernel.machine import Machine, Transition


class MandateAct(LabelledEnum):
    """What an agent may be authorised to do, each by itself. Withdrawing an application, asking
    for a hearing and rating are not among them: they are the principal's own."""

    APPLY = "APPLY", "填写和提交申请"
    SUPPLY = "SUPPLY", "补正和补交材料"
    COLLECT = "COLLECT", "签收和领取结果"


class AuthorisationState(LabelledEnum):
    PROPOSED = "PROPOSED", "待确认"
    CONFIRMED = "CONFIRMED", "有效"
    REVOKED = "REVOKED", "已撤销"
    EXPIRED = "EXPIRED", "已失效"


class ConfirmationWay(LabelledEnum):
    """How it was made sure that the principal means it.

    人脸识别技术应用安全管理办法: where a face is one way, another must be open that is no harder.
    So FACE can only ever stand beside the others in OFFERED, never alone (a test holds that);
    nothing here implements it.
    """

    MESSAGE_CODE = "MESSAGE_CODE", "短信验证码"
    WINDOW = "WINDOW", "窗口核验"
    FACE = "FACE", "人脸核验"


OFFERED = (ConfirmationWay.MESSAGE_CODE, ConfirmationWay.WINDOW)


class AuthorisationEnd(LabelledEnum):
    PRINCIPAL = "PRINCIPAL", "委托人撤销"
    AGENT = "AGENT", "代理人退出"
    DATE = "DATE", "期限已到"
    UNCONFIRMED = "UNCONFIRMED", "没有在 30 分钟内确认"
    TRIES = "TRIES", "验证码连续五次不对"


_S = AuthorisationState


def _row(action: str, label: str, source: AuthorisationState, target: str | None) -> Transition:
    return Transition(action, label, frozenset({source.value}), target, event="", permission="")


AUTHORISATION = Machine(
    name="authorisation",
    initial=_S.PROPOSED,
    states={state.value: state.label for state in _S},
    finals=frozenset({_S.REVOKED.value, _S.EXPIRED.value}),
    transitions=(
        _row("confirm", "确认委托", _S.PROPOSED, _S.CONFIRMED),
        _row("drop", "放弃委托", _S.PROPOSED, _S.REVOKED),
        _row("lapse", "没有确认", _S.PROPOSED, _S.EXPIRED),
        _row("use", "代理人办理", _S.CONFIRMED, None),
        _row("keep", "继续委托", _S.CONFIRMED, None),
        _row("revoke", "撤销委托", _S.CONFIRMED, _S.REVOKED),
        _row("renounce", "退出代理", _S.CONFIRMED, _S.REVOKED),
        _row("expire", "委托到期", _S.CONFIRMED, _S.EXPIRED),
    ),
)


class GuardianshipState(LabelledEnum):
    PROPOSED = "PROPOSED", "待第二人确认"
    CONFIRMED = "CONFIRMED", "有效"
    DECLINED = "DECLINED", "未确认"
    ENDED = "ENDED", "已结束"


ADULT = 18


def comes_of_age_on(born: date) -> date:
    """The 18th birthday (民法典 §17); whoever was born on 29 February has it on 1 March."""
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return date(born.year + ADULT, 3, 1)
