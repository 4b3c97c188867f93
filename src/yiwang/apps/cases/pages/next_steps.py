"""What an applicant has to do now: usually nothing, and then by which day we answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.models import Case
from yiwang.foundation.shell.dates import cn_date, cn_day
from yiwang.kernel.moment import civil_date


@dataclass(frozen=True, slots=True)
class NextStep:
    """One sentence, whether it asks something of the applicant, and where to do it."""

    title: str
    text: str
    is_mine: bool = False
    label: str = ""
    url: str = ""


MAKING = NextStep("正在制证", "证件做好并入库后会通知您领取,请先不要专程来取。")


def next_step(case: Case, at: datetime) -> NextStep:
    """From the case's own columns, so that a list needs no statement a row. A day that is over is
    never told as one to wait for."""
    if case.wants_originals and case.state == CaseState.REVIEW:
        return _originals(case)
    due = {CaseState.RECEIVED: case.receipt_due_on, CaseState.REVIEW: case.promised_due_on}
    until = due.get(CaseState(case.state))
    if until is not None and until < civil_date(at):
        return _late(case, until)
    return _STEPS[CaseState(case.state)](case)


def _late(case: Case, until: date) -> NextStep:
    what = "答复您是否受理" if case.state == CaseState.RECEIVED else "作出决定"
    return NextStep(
        "我们没有按时办",
        f"应当在 {cn_date(until)} 前{what},已经过了。不用您做什么:超期已经提醒办理单位,"
        "没有按时办的原因会写在这个办件里。要催问,可以打咨询电话或 12345。",
    )


def _received(case: Case) -> NextStep:
    due = case.receipt_due_on
    until = f"最迟 {cn_date(due)} " if due else "我们会尽快"
    return NextStep("现在不用您做什么", f"{until}答复您是否受理,或一次告知要补正的全部内容。")


def _correction(case: Case) -> NextStep:
    until = case.correction_until
    return NextStep(
        f"请在 {cn_day(until)} 前补正" if until else "请补正",
        "要补正的内容已经一次写全,在网上补就可以,不用跑。",
        is_mine=True,
        label="去补正",
        url=f"/my/cases/{case.pk}/correct/",
    )


def _originals(case: Case) -> NextStep:
    return NextStep(
        "请带原件来核验一次",
        "审查已经完成,核验一致后就作出决定。要带哪些原件、到哪里,写在办件里。",
        is_mine=True,
        label="看要带什么",
        url=f"/my/cases/{case.pk}/#originals",
    )


def _review(case: Case) -> NextStep:
    if case.promised_due_on is None:
        return NextStep(
            "现在不用您做什么", "正在进行依法不计入期限的程序,结束后接着计时,会告诉您新的日期。"
        )
    return NextStep(
        "现在不用您做什么", f"正在审查,承诺 {cn_date(case.promised_due_on)} 前作出决定。"
    )


def _decided(case: Case) -> NextStep:
    return NextStep(
        "结果已经作出",
        "请打开办件,看结果怎么拿。",
        is_mine=True,
        label="看结果",
        url=f"/my/cases/{case.pk}/",
    )


def _ended(title: str, text: str) -> NextStep:
    return NextStep(title, text)


_STEPS = {
    CaseState.RECEIVED: _received,
    CaseState.CORRECTION: _correction,
    CaseState.REVIEW: _review,
    CaseState.GRANTED: _decided,
    CaseState.REFUSED: _decided,
    CaseState.COMPLETED: lambda case: _ended("已经办结", "结果和全部文书都在这里,随时可以下载。"),
    CaseState.NOT_REQUIRED: lambda case: _ended(
        "这件事依法不需要办理", "理由和依据写在告知书里,请下载查看。"
    ),
    CaseState.DECLINED: lambda case: _ended(
        "已作出不予受理的决定", "理由、有权办理的机关和救济途径写在通知书里,请下载查看。"
    ),
    CaseState.WITHDRAWN: lambda case: _ended("申请已撤回", "撤回不影响以后,需要时可以重新申请。"),
    CaseState.TERMINATED: lambda case: _ended(
        "已终止办理", "理由、依据和不服的途径写在告知书里。可以重新申请,交过的材料可以再用。"
    ),
    CaseState.VOIDED: lambda case: _ended("这个编号已作废", "系录入错误,不影响您的其他办件。"),
    CaseState.FORWARDED: lambda case: NextStep(
        "现在不用您做什么", "已转给决定的机关办理,对方回传的状态会显示在这里并发消息给您。"
    ),
    CaseState.ENDED_ELSEWHERE: lambda case: _ended(
        "对方已经办结", "结果由对方作出和发放,最后一次回传的状态在下面。"
    ),
}
