"""The words of documents that a city chooses itself: declared with their placeholders.

What the law requires (reason, articles, remedy, lists, number, seal, date) is no part of these
texts; where it stands inside a sentence it is a placeholder that cannot be left out. The default
of every text is the platform's wording.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.kernel.labelled import LabelledEnum

LONGEST, LONGEST_TITLE = 400, 20
# Nobody who applies is told these: the result and what can be done next are.
FORBIDDEN = ("拒绝", "驳回", "失败", "不通过")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_TITLE = re.compile(r"[一-鿿]{2,}(?:凭证|通知书|告知书|回执)")


class Part(LabelledEnum):
    """Which words of a document."""

    TITLE = "TITLE", "标题"
    OPENING = "OPENING", "开头"
    CLOSING = "CLOSING", "结语"
    CONTACT = "CONTACT", "联系方式"
    NOTE = "NOTE", "给申请人的提示"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What it stands for, and the value that a preview shows."""

    meaning: str
    sample: str


PLACEHOLDERS = {
    "事项名称": Placeholder("申请的事项", "(样例)食品经营许可(新办)"),
    "办件编号": Placeholder("办件的短编号", "(样例)0000-0000-0000"),
    "机关名称": Placeholder("出具文书的机关", "(样例)某机关"),
    "机关电话": Placeholder("机构登记的电话", "(样例)0000-0000000"),
    "机关地址": Placeholder("机构登记的地址", "(样例)某路1号"),
    "答复期限": Placeholder("最迟告知是否受理的日子", "(样例)2026年1月8日"),
    "到期日": Placeholder("请申请人在这天以前做完的日子", "(样例)2026年1月15日"),
    "承诺办结日": Placeholder("承诺的办结日", "(样例)2026年1月22日"),
    "受理情况": Placeholder("受理的理由和决定", "经审查,申请材料齐全、符合法定形式,决定予以受理"),
    "容缺情况": Placeholder(
        "容缺受理的条件和后果",
        "主要材料齐全、符合法定形式,您承诺按期补交下列材料,现予以容缺受理。"
        "补齐之前不作出准予的决定",
    ),
    "终止原因": Placeholder("终止办理的原因", "(样例)申请人撤回申请"),
    "终止结果": Placeholder("怎样终止", "终止办理"),
    "承办系统": Placeholder("接着办理的机关或系统", "(样例)省级某某系统"),
    "办理说明": Placeholder(
        "由谁决定、本平台显示什么",
        "由其作出决定。本平台只显示对方回传的状态,并注明来源和时间",
    ),
    "决定": Placeholder("法定的决定用语", "决定准予许可"),
    "特别程序": Placeholder("要进行的程序", "(样例)专家评审"),
    "期限说明": Placeholder("怎样计算期限", "所需时间依法不计算在办理期限内"),
    "证照名称": Placeholder("证照的名称", "(样例)食品经营许可证"),
    "证照编号": Placeholder("证照的编号", "(样例)YJ0000000000"),
    "情形": Placeholder("法定的情形", "(样例)法定情形"),
    "生效说明": Placeholder("决定从何时起有效", "自本决定书送达之日起不得再使用"),
    "整改要求": Placeholder("责令改正的要求和期限", "现责令您于 (样例)2026年1月15日 前改正"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One text of one kind: its default, and the placeholders it must and may have."""

    kind: DocumentKind
    part: Part
    default: str = ""
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """`GRANT_DECISION.OPENING`."""
        return f"{self.kind.value}.{self.part.value}"

    @property
    def label(self) -> str:
        """`准予决定书:开头`."""
        return f"{self.kind.label}:{self.part.label}"

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every placeholder it may have."""
        return (*self.required, *self.optional)


_FROM_ORGAN = ("机关名称", "机关电话", "机关地址")
_OF_CASE = ("事项名称", "办件编号")
_OF_CERTIFICATE = ("证照名称", "证照编号")
_YOURS = "您关于「{事项名称}」的申请"
# kind → default of the opening, what it must name, what else is known.
_OPENINGS: dict[DocumentKind, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    DocumentKind.RECEIPT: ("现收到您关于「{事项名称}」的申请。", ("事项名称",), ("答复期限",)),
    DocumentKind.CORRECTION_NOTICE: (
        f"{_YOURS}材料需要补正。需要补正的全部内容一次性告知如下:",
        ("事项名称",),
        ("到期日",),
    ),
    DocumentKind.ACCEPTANCE_NOTICE: (
        f"{_YOURS},{{受理情况}}。",
        ("事项名称", "受理情况"),
        ("承诺办结日",),
    ),
    DocumentKind.NOT_REQUIRED_NOTICE: (
        "您申请的「{事项名称}」依法不需要办理,即时告知如下。",
        ("事项名称",),
        (),
    ),
    DocumentKind.DECLINE_NOTICE: (f"{_YOURS},本机关{{决定}}。", ("事项名称", "决定"), ()),
    DocumentKind.PAUSE_NOTICE: (
        f"{_YOURS}需要进行{{特别程序}},{{期限说明}}。",
        ("事项名称", "特别程序", "期限说明"),
        (),
    ),
    DocumentKind.EXTENSION_NOTICE: (
        f"{_YOURS}{{期限说明}}。",
        ("事项名称", "期限说明"),
        (),
    ),
    DocumentKind.GRANT_DECISION: (
        f"{_YOURS},经审查符合法定条件、标准,{{决定}}。",
        ("事项名称", "决定"),
        (),
    ),
    DocumentKind.REFUSAL_DECISION: (f"{_YOURS},经审查,{{决定}}。", ("事项名称", "决定"), ()),
    DocumentKind.DEFERRAL_NOTICE: (
        f"{_YOURS},{{容缺情况}};本通知书一式两份,双方各执一份。",
        ("事项名称", "容缺情况"),
        ("到期日", "承诺办结日"),
    ),
    DocumentKind.TERMINATION_NOTICE: (
        f"{_YOURS},因{{终止原因}},{{终止结果}}。您可以重新申请,已经提交过的材料可以再次使用。",
        ("事项名称", "终止原因", "终止结果"),
        (),
    ),
    DocumentKind.FORWARD_NOTICE: (
        f"{_YOURS}及全部材料已转 {{承办系统}} 办理,{{办理说明}}。",
        ("事项名称", "承办系统", "办理说明"),
        (),
    ),
    DocumentKind.REVOCATION_NOTICE: (
        "本机关拟撤销您的「{证照名称}」({证照编号}),情形:{情形}。",
        ("证照名称", "证照编号", "情形"),
        ("到期日",),
    ),
    DocumentKind.REVOCATION_DECISION: (
        "经查,属于「{情形}」的情形。本机关{决定}您的「{证照名称}」({证照编号}),{生效说明}。",
        ("情形", "决定", "证照名称", "证照编号", "生效说明"),
        (),
    ),
    DocumentKind.CANCELLATION_NOTICE: (
        "您的「{证照名称}」({证照编号})已经办理注销手续,不再有效。",
        ("证照名称", "证照编号"),
        (),
    ),
    DocumentKind.RECTIFICATION_ORDER: (
        "您以告知承诺方式办理了「{事项名称}」。本机关核查发现情况与承诺不符,{整改要求}。",
        ("事项名称", "整改要求"),
        ("到期日",),
    ),
}
# Their sentences come with the procedure or the item, and only the end is the city's.
_ENDS_ONLY = (
    DocumentKind.PROCEDURE_NOTICE,
    DocumentKind.COMMITMENT,
    DocumentKind.DELIVERY_RECEIPT,
)
# No law names these papers: what they are called is the city's affair.
_FREE_TITLES = (DocumentKind.RECEIPT, DocumentKind.DEFERRAL_NOTICE)
_OF_CERTIFICATES = frozenset(
    {
        DocumentKind.REVOCATION_NOTICE,
        DocumentKind.REVOCATION_DECISION,
        DocumentKind.CANCELLATION_NOTICE,
    }
)


def _slots() -> dict[str, Slot]:
    found: list[Slot] = []
    for kind in DocumentKind:
        opening = _OPENINGS.get(kind)
        if kind in _FREE_TITLES:
            found.append(Slot(kind, Part.TITLE, kind.label))
        own = _OF_CERTIFICATE if kind in _OF_CERTIFICATES else _OF_CASE
        known: tuple[str, ...] = (*own, *_FROM_ORGAN)
        if opening is not None:
            text, required, more = opening
            known = (*known, *more)
            # A sentence that every document has: only what every document knows.
            rest = tuple(n for n in (*own, "机关名称") if n not in required)
            found.append(Slot(kind, Part.OPENING, text, required, rest))
        if opening is not None or kind in _ENDS_ONLY:
            found += [
                Slot(kind, part, optional=known) for part in (Part.CLOSING, Part.CONTACT, Part.NOTE)
            ]
    return {slot.code: slot for slot in found}


SLOTS = _slots()


def slots_of(kind: DocumentKind) -> list[Slot]:
    """The texts of a kind in reading order; none where everything is fixed."""
    return [slot for slot in SLOTS.values() if slot.kind is kind]


def problem_of_text(slot: Slot, text: str) -> str:
    """What to mend in a proposed text; "" where it may stand."""
    text = text.strip()
    named = _PLACEHOLDER.findall(text)
    if slot.part is Part.TITLE:
        return _problem_of_title(text)
    if len(text) > LONGEST or (not text and slot.part is Part.OPENING):
        return f"请填写{slot.part.label},最多 {LONGEST} 个字。"
    if "{" in (rest := _PLACEHOLDER.sub("", text)) or "}" in rest:
        return "花括号没有成对。占位符要写成 {事项名称} 这样,前后各一个半角花括号。"
    if unknown := [name for name in named if name not in slot.allowed]:
        known = "、".join(f"{{{name}}}" for name in slot.allowed)
        return f"这里没有占位符 {{{unknown[0]}}}。可以用的有:{known}。"
    if missing := [name for name in slot.required if name not in named]:
        name = missing[0]
        return f"不能缺少 {{{name}}}:{PLACEHOLDERS[name].meaning}必须写明,请放回文字里。"
    return _problem_of_words(text)


def _problem_of_title(text: str) -> str:
    if len(text) > LONGEST_TITLE or not _TITLE.fullmatch(text):
        return (
            f"标题最多 {LONGEST_TITLE} 个汉字,以凭证、通知书、告知书或回执结尾,不用标点和占位符。"
        )
    return _problem_of_words(text)


def _problem_of_words(text: str) -> str:
    for word in FORBIDDEN:
        if word in text:
            return f"不能对申请人写「{word}」。请直接说明结果、依据和接下来怎么办。"
    return ""


def fill(text: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs of a text, a line each. A line that names something this document does not
    have (an organ without a telephone) is left out; a value is never read as a placeholder."""
    filled = []
    for line in text.splitlines():
        names = _PLACEHOLDER.findall(line)
        if line.strip() and all(words.get(name) for name in names):
            filled.append(_PLACEHOLDER.sub(lambda found: words[found.group(1)], line.strip()))
    return tuple(filled)


def samples() -> dict[str, str]:
    """Every placeholder with the value that a preview shows."""
    return {name: placeholder.sample for name, placeholder in PLACEHOLDERS.items()}
