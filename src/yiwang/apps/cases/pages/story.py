"""A case told to its applicant: who did what and when, in plain words, without opinions inside.

Staff appear as the organ or the window that acted, never by name; opinions of the review and the
window's own doubts are not the applicant's to read before the decision.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from yiwang.apps.cases.models import ClockRow
from yiwang.apps.cases.queries import WholeCase
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.clock import ClockEventKind, Limit

Told = tuple[str, str, str]
"""Title, what was said, tone."""

WINDOW_ACTS = {
    "accept",
    "correct_on_spot",
    "request_correction",
    "deliver",
    "check_originals",
}
TAKING_ACTS = {"submit", "hand_over_papers"}
APPLICANT_ACTS = {"submit", "supply_correction", "withdraw"}


def story(whole: WholeCase, actor: Actor) -> list[dict[str, Any]]:
    """Entries of shell/components/timeline.html, newest first."""
    papers = {str(document.pk): document for document in whole.documents}
    rows = []
    for entry in whole.entries:
        action = entry.operation.removeprefix("cases.")
        if action not in _TELL:
            continue
        title, said, tone = _TELL[action](whole, entry)
        named = [papers.get(part["id"]) for part in entry.facts.get("documents", ())]
        rows.append(
            {
                "at": cn_datetime(entry.at),
                "who": _who(whole, entry, action, actor),
                "title": title,
                "said": said,
                "tone": tone,
                "documents": [
                    {"label": document.title, "url": f"/documents/{document.pk}/"}
                    for document in named
                    if document is not None
                ],
            }
        )
    return rows[::-1]


def _who(whole: WholeCase, entry: RecordEntry, action: str, actor: Actor) -> str:
    case = whole.case
    if entry.actor == actor.ref:
        return "您"
    if agent := whole.agents.get(entry.facts.get("agent", 0)):
        return f"代理人 {agent}"
    if entry.actor.startswith("system:"):
        return "系统按规定自动办理"
    if action in TAKING_ACTS and whole.take_in is not None:
        return f"{whole.take_in.hall.name}窗口"
    if action in APPLICANT_ACTS:
        return "申请人或经办人" if case.channel == "ONLINE" else f"{case.hall.name}窗口代录"
    return f"{case.hall.name}窗口" if action in WINDOW_ACTS else case.organ.name


def _submit(whole: WholeCase, entry: RecordEntry) -> Told:
    due = (entry.facts.get("due") or {}).get("receipt_due_on")
    from_start = f"最迟 {cn_date(_day(due))} 答复。" if due not in (None, "None") else ""
    agent = whole.agents.get(entry.facts.get("agent", 0), "")
    by = f"由代理人 {agent} 提交。" if agent else ""
    return "提交了申请", f"{by}我们已经收到,并出具收件凭证。{from_start}", "info"


def _accept(whole: WholeCase, entry: RecordEntry) -> Told:
    due = (entry.facts.get("due") or {}).get("promised_due_on")
    until = f"承诺 {cn_date(_day(due))} 前作出决定。" if due not in (None, "None") else ""
    if entry.facts.get("deemed"):
        return (
            "依法视为受理",
            f"没有在期限内告知您补正,自收到材料之日起即为受理。{until}",
            "success",
        )
    return "已受理", f"材料齐全、符合法定形式。{until}", "success"


def _request_correction(whole: WholeCase, entry: RecordEntry) -> Told:
    number = entry.facts.get("items", "")
    until = cn_date(_day(entry.facts.get("until")))
    return "告知补正", f"需要补正 {number} 项,已经一次写全,请在 {until} 前提交。", "warning"


def _supply(whole: WholeCase, entry: RecordEntry) -> Told:
    return "提交了补正", "答复期限从这一天重新计算。", "info"


def _on_spot(whole: WholeCase, entry: RecordEntry) -> Told:
    material = whole.definition.material(entry.facts.get("material", ""))
    if material is not None:
        return "收到纸质材料", f"「{material.name}」", "neutral"
    return "当场更正", "能当场改的当场改好,不用您再跑。", "neutral"


def _opinion(whole: WholeCase, entry: RecordEntry) -> Told:
    code = entry.facts.get("step", "")
    name = next((step.name for step in whole.definition.route if step.code == code), "一个环节")
    return f"完成了「{name}」", "", "neutral"


def _clock_row(whole: WholeCase, kind: ClockEventKind, name: str) -> ClockRow | None:
    return next((r for r in whole.clock_rows if r.kind == kind.value and r.pause == name), None)


def _pause(whole: WholeCase, entry: RecordEntry) -> Told:
    row = _clock_row(whole, ClockEventKind.PAUSED, entry.facts.get("pause", ""))
    if row is None:
        return "停止计时", "", "paused"
    expected = f",预计 {Limit.parse(row.expected).label}" if row.expected else ""
    text = f"所需时间依法不计入期限({row.article}){expected}。{_registered_late(entry)}"
    return f"停止计时:{row.ground}", text, "paused"


def _registered_late(entry: RecordEntry) -> str:
    days = entry.facts.get("late_days")
    if days is None:
        return ""
    began = cn_date(_day(entry.facts["began_on"]))
    return f"事由 {began} 已开始,登记迟了 {days} 个工作日;期限只从登记之日起停止。"


def _resume(whole: WholeCase, entry: RecordEntry) -> Told:
    due = (entry.facts.get("due") or {}).get("promised_due_on")
    until = f"承诺到期日现在是 {cn_date(_day(due))}。" if due not in (None, "None") else ""
    return "恢复计时", until, "info"


def _extend(whole: WholeCase, entry: RecordEntry) -> Told:
    return "延长办理期限", "经批准延长一次,理由写在告知书里。", "warning"


def _grant(whole: WholeCase, entry: RecordEntry) -> Told:
    return f"决定{whole.definition.grant_word}", "", "success"


def _refuse(whole: WholeCase, entry: RecordEntry) -> Told:
    return (
        f"决定{whole.definition.refuse_word}",
        "理由、依据和救济途径写在决定书里。",
        "warning",
    )


def _not_required(whole: WholeCase, entry: RecordEntry) -> Told:
    return "告知依法不需要办理", "理由和依据写在告知书里。", "info"


def _decline(whole: WholeCase, entry: RecordEntry) -> Told:
    return "决定不予受理", "理由和有权办理的机关写在通知书里。", "warning"


def _deliver(whole: WholeCase, entry: RecordEntry) -> Told:
    return "结果已送达", str(entry.facts.get("how", "")), "success"


def _due_moved(whole: WholeCase, entry: RecordEntry) -> Told:
    days = [f"{cn_date(_day(old))} 顺延到 {cn_date(_day(new))}" for old, new in _moved(entry)]
    if not days:
        return "公布了新的放假安排", "已经告诉您的日期不变。", "neutral"
    return "因放假安排,到期日顺延", f"{days[0]}。", "info"


def _moved(entry: RecordEntry) -> list[list[str]]:
    """(before, after) of the end that matters most to the applicant first."""
    moved = entry.facts.get("moved", {})
    order = ("delivery_due_on", "promised_due_on", "receipt_due_on", "statutory_due_on")
    return [moved[name] for name in order if name in moved]


def _withdraw(whole: WholeCase, entry: RecordEntry) -> Told:
    return "撤回了申请", "", "neutral"


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _terminate(whole: WholeCase, entry: RecordEntry) -> Told:
    return "终止办理", "理由、依据和不服的途径写在告知书里。", "warning"


def _deem_withdrawn(whole: WholeCase, entry: RecordEntry) -> Told:
    return "依法视为撤回申请", "补正期限已过,没有收到补正。", "warning"


def _accept_with_gaps(whole: WholeCase, entry: RecordEntry) -> Told:
    until = cn_date(_day(entry.facts.get("deferral_until")))
    return "容缺受理", f"还有材料在 {until} 前补交。", "success"


def _forward(whole: WholeCase, entry: RecordEntry) -> Told:
    return f"转 {entry.facts.get('system', '')} 办理", "由对方作出决定。", "info"


def _outside(whole: WholeCase, entry: RecordEntry) -> Told:
    status, system = entry.facts.get("status", ""), entry.facts.get("system", "")
    return "对方回传", f"{status}(来自 {system})", "info"


def _procedure(whole: WholeCase, entry: RecordEntry) -> Told:
    pk = entry.facts.get("procedure")
    name = next((row.name for row in whole.procedures if row.pk == pk), "特别程序")
    action = entry.operation.removeprefix("cases.")
    if action == "start_procedure":
        return f"启动{name}", "内容和您的权利写在告知书里。", "info"
    if action == "end_procedure":
        return f"{name}结束", "", "neutral"
    held_on = _day(entry.facts.get("held_on"))
    if held_on is None:
        return f"收到{name}要求", "", "info"
    return f"通知举行{name}", f"定于 {cn_date(held_on)}。", "info"


def _return_step(whole: WholeCase, entry: RecordEntry) -> Told:
    return "补充审查", "审查中有一个环节要再核对,办理期限不变。", "neutral"


def _originals(whole: WholeCase, entry: RecordEntry) -> Told:
    found = entry.facts.get("originals", {}).values()
    if "DIFFERS" in found:
        return "核验了原件", "有原件与上传的不一致,窗口已当面告诉您。", "warning"
    return "核验了原件", "原件与上传的一致。", "success"


def _answered(whole: WholeCase, entry: RecordEntry) -> Told:
    found = entry.facts.get("materials", {}).values()
    if "MISSING" in found:
        return "数据源恢复,没有查到", "需要补的会一次写在补正告知里。", "warning"
    return "数据源恢复,已经查到", "这些材料不用您提交。", "success"


def _sent(whole: WholeCase, entry: RecordEntry) -> Told:
    said = f"{entry.facts.get('carrier', '')},单号 {entry.facts.get('number', '')}"
    return "结果已寄出", said, "info"


def _void(whole: WholeCase, entry: RecordEntry) -> Told:
    if entry.facts.get("approved"):
        return "作废", "系录入错误,经两人确认。", "neutral"
    return "核对了一项变更,没有采用", "", "neutral"


def _correct_data(whole: WholeCase, entry: RecordEntry) -> Told:
    if entry.facts.get("approved"):
        return "更正了登记信息", "经两名工作人员核对,原来的内容保留。", "neutral"
    return "核对了一项变更,没有采用", "", "neutral"


_TELL = {
    "order_acceptance": _accept,
    "accept_with_gaps": _accept_with_gaps,
    "supply_gaps": lambda whole, entry: ("补交了容缺材料", "", "info"),
    "terminate": _terminate,
    "deem_withdrawn": _deem_withdrawn,
    "forward": _forward,
    "report_back": _outside,
    "end_elsewhere": _outside,
    "start_procedure": _procedure,
    "advance_procedure": _procedure,
    "end_procedure": _procedure,
    "return_step": _return_step,
    "send_by_post": _sent,
    "check_originals": _originals,
    "ask_again": _answered,
    "hand_over_papers": lambda whole, entry: ("代收的纸质材料已经移交", "期限不变。", "info"),
    "confirm_papers": lambda whole, entry: ("纸质材料已经签收", "", "info"),
    "void": _void,
    "correct_data": _correct_data,
    "submit": _submit,
    "accept": _accept,
    "deem_accepted": _accept,
    "request_correction": _request_correction,
    "supply_correction": _supply,
    "correct_on_spot": _on_spot,
    "give_opinion": _opinion,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "grant": _grant,
    "refuse": _refuse,
    "not_required": _not_required,
    "decline": _decline,
    "deliver": _deliver,
    "due_moved": _due_moved,
    "withdraw": _withdraw,
}


def paper_cards(documents: list[LegalDocument]) -> list[dict[str, Any]]:
    """Documents for shell/components/document_card.html, newest first; pending ones say so."""
    return [
        {
            "title": document.title,
            "url": f"/documents/{document.pk}/" if document.status == DocumentStatus.READY else "",
            "number": document.number,
            "on": document.made_on,
            "organ": document.organ_name,
            "format": "PDF",
            "seal": "已加盖印章并签名"
            if document.status == DocumentStatus.READY
            else "制作中,通常只需几秒钟,请稍后刷新",
            "check_url": f"/check/{document.check_code}/",
            "check_code": document.check_code,
        }
        for document in reversed(documents)
    ]
