"""What each legal paper of a case says. Words come from the item's definition and its regime."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yiwang.apps.cases.models import Case
from yiwang.apps.catalog.public import Commitment, DeemedAcceptance, Definition
from yiwang.foundation.documents.composing import compose
from yiwang.foundation.documents.content import Document, Field, ItemList, ListedItem
from yiwang.foundation.documents.issuing import new_check_code
from yiwang.foundation.documents.kinds import DeclineGround, DocumentKind
from yiwang.foundation.links import public_url
from yiwang.kernel.moment import chinese_date, civil_date

PLACEHOLDER = "待编"


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked document with its id and the kind word of its number series."""

    identifier: uuid.UUID
    document: Document
    kind_word: str


@dataclass(frozen=True, slots=True)
class Face:
    """Who a paper is from and to; the same for all papers of one act."""

    case: Case
    definition: Definition
    applicant_name: str
    at: datetime

    @property
    def today(self) -> date:
        return civil_date(self.at)


def _paper(
    face: Face,
    kind: DocumentKind,
    kind_word: str,
    words: Mapping[str, str] | None = None,
    **content: Any,
) -> Paper:
    """`words` are the values of the placeholders in the texts of this kind."""
    code = new_check_code()
    own = face.case.short_number if not kind_word else PLACEHOLDER
    names = {"事项名称": face.definition.name, "办件编号": face.case.short_number}
    document = compose(
        kind,
        organ=face.case.organ,
        on=face.today,
        words={**names, **(words or {})},
        number=str(content.pop("number", own)),
        addressee=face.applicant_name,
        check_url=public_url(f"/check/{code}"),
        check_code=code,
        version_note=f"依据办事指南 {face.definition.name}({face.definition.effective_on} 起)",
        **content,
    )
    return Paper(uuid.uuid4(), document, kind_word)


def _facts(face: Face) -> tuple[Field, ...]:
    return (
        Field("事项", face.definition.name),
        Field("办件编号", face.case.short_number),
        Field("收到时间", f"{chinese_date(civil_date(face.case.received_at))}"),
    )


def receipt(
    face: Face,
    *,
    received: list[str],
    held: list[str],
    due_on: date | None,
    query_code: str,
    handed_back: Sequence[str] = (),
    agent: str = "",
    taken_in: tuple[Field, ...] = (),
) -> Paper:
    """收件凭证: what was handed in, what was not needed, what was scanned and given back, and by
    when we answer. `agent` is the masked name of whom the applicant had authorised to hand in;
    `taken_in` says who really handles what was taken in elsewhere (代收)."""
    lists = (
        [ItemList("收到的材料", tuple(ListedItem(name) for name in received))] if received else []
    )
    if held:
        lists.append(ItemList("不用提交(政府已有)", tuple(ListedItem(name) for name in held)))
    if handed_back:
        names = tuple(ListedItem(name) for name in handed_back)
        lists.append(ItemList("当场扫描、原件已退还的材料", names))
    until = (
        f"最迟 {chinese_date(due_on)} 告知您是否受理或需要补正的全部内容"
        if due_on
        else "告知您结果"
    )
    return _paper(
        face,
        DocumentKind.RECEIPT,
        "",
        {"答复期限": chinese_date(due_on) if due_on else ""},
        paragraphs=(f"本机关将{until}。{_silence(face.definition)}",),
        fields=(
            *_facts(face),
            *((Field("提交人", f"由代理人 {agent} 提交"),) if agent else ()),
            *taken_in,
            Field("查询码", query_code),
        ),
        lists=tuple(lists),
    )


def _silence(definition: Definition) -> str:
    """What silence means, only where a law gives it a meaning: nothing else is promised."""
    words = {
        DeemedAcceptance.FROM_RECEIPT: "逾期不告知的,自收到材料之日起即为受理",
        DeemedAcceptance.AT_ONCE: "未当场书面告知不予受理的,视为受理",
    }
    word = words.get(definition.deemed_acceptance)
    if word is None:
        return ""
    article = definition.deemed_acceptance_article
    return f"{word}({article})。" if article else f"{word}。"


def correction_notice(face: Face, *, items: list[tuple[str, str]], until: date) -> Paper:
    definition = face.definition
    own = definition.regime.cite("《中华人民共和国行政许可法》第三十二条第一款第(四)项")
    article = definition.correction.article or own or "《优化营商环境条例》第三十六条"
    return _paper(
        face,
        DocumentKind.CORRECTION_NOTICE,
        "补正",
        {"到期日": chinese_date(until)},
        fields=(*_facts(face), Field("请于此日前补正", chinese_date(until))),
        lists=(ItemList("需要补正的全部内容", tuple(ListedItem(n, r) for n, r in items)),),
        articles=(article,),
    )


def acceptance_notice(
    face: Face, *, is_deemed: bool, promised: date | None, statutory: date | None
) -> Paper:
    word = (
        f"因未在规定期限内告知补正,依法自收到材料之日({chinese_date(civil_date(face.case.received_at))})起视为受理"
        if is_deemed
        else "经审查,申请材料齐全、符合法定形式,决定予以受理"
    )
    fields = [*_facts(face)]
    if promised:
        fields.append(Field("承诺办结日", chinese_date(promised)))
    if statutory:
        fields.append(Field("法定办结日", chinese_date(statutory)))
    return _paper(
        face,
        DocumentKind.ACCEPTANCE_NOTICE,
        "受",
        {"受理情况": word, "承诺办结日": chinese_date(promised) if promised else ""},
        fields=tuple(fields),
    )


def deferral_notice(
    face: Face, *, gaps: list[str], until: date, time: str, promised: date | None
) -> Paper:
    """容缺受理通知书, in duplicate: accepted, with what is still to come and by when."""
    fields = [*_facts(face), Field("请于此日前补交", chinese_date(until))]
    if promised:
        fields.append(Field("承诺办结日", chinese_date(promised)))
    rule = face.definition.deferral
    return _paper(
        face,
        DocumentKind.DEFERRAL_NOTICE,
        "容受",
        {
            "容缺情况": "主要材料齐全、符合法定形式,您承诺按期补交下列材料,现予以容缺受理。"
            "补齐之前不作出准予的决定",
            "到期日": chinese_date(until),
            "承诺办结日": chinese_date(promised) if promised else "",
        },
        fields=tuple(fields),
        lists=(ItemList("承诺补交的材料", tuple(ListedItem(name) for name in gaps)),),
        articles=(rule.article,) if rule and rule.article else (),
        time_needed=time,
    )


def commitment_letter(face: Face, commitment: Commitment) -> Paper:
    """告知承诺书: what was told and what the applicant promised, in the definition's words."""
    replaced = [m.name for m in face.definition.materials if m.code in commitment.replaces]
    lists = [ItemList("核查要点", tuple(ListedItem(text) for text in commitment.check_points))]
    if replaced:
        lists.insert(0, ItemList("以承诺代替的材料", tuple(ListedItem(name) for name in replaced)))
    return _paper(
        face,
        DocumentKind.COMMITMENT,
        "",
        number=f"{face.case.short_number}-承诺",
        title=commitment.title,
        paragraphs=(
            commitment.text,
            f"违反承诺的后果:{commitment.consequence}",
            f"承诺人:{face.applicant_name}(已在线确认)。您也可以不选择告知承诺,按一般程序办理。",
        ),
        fields=(*_facts(face), Field("承诺的种类", commitment.kind.label)),
        lists=tuple(lists),
        articles=(commitment.article,),
    )


def termination_notice(
    face: Face, *, title: str, ground: str, facts: str, reason: str, article: str
) -> Paper:
    return _paper(
        face,
        DocumentKind.TERMINATION_NOTICE,
        "终",
        {"终止原因": ground, "终止结果": title.removesuffix("告知书")},
        title=title,
        fields=_facts(face),
        facts=facts,
        reason=reason,
        articles=(article,),
        remedy=_remedy(face),
    )


def forward_notice(face: Face, *, system: str, receipt: str, opinion: str, contact: str) -> Paper:
    """转办告知书: who decides from here on; this platform never claims to."""
    fields = [*_facts(face), Field("由谁办理", system)]
    if receipt:
        fields.append(Field("对方受理编号", receipt))
    if contact:
        fields.append(Field("咨询电话", contact))
    return _paper(
        face,
        DocumentKind.FORWARD_NOTICE,
        "转",
        {
            "承办系统": system,
            "办理说明": "由其作出决定。本平台只显示对方回传的状态,并注明来源和时间",
        },
        paragraphs=(f"本机关初审意见:{opinion}",) if opinion else (),
        fields=tuple(fields),
    )


def procedure_notice(
    face: Face, *, title: str, paragraph: str, fields: list[Field], article: str, reason: str,
    time: str = "",
) -> Paper:  # fmt: skip
    """The notice of a special procedure: hearing, publicity, third party, review, testing."""
    return _paper(
        face,
        DocumentKind.PROCEDURE_NOTICE,
        "程",
        title=title,
        paragraphs=(paragraph,),
        fields=(*_facts(face), *fields),
        reason=reason,
        articles=(article,),
        time_needed=time,
    )


def remedy_of(definition: Definition) -> str:
    """How to object, as a negative paper of this item will say it."""
    r = definition.remedy
    return (
        f"如不服本决定,可以自收到之日起 60 日内向{r.review_organ}(地址:{r.review_address})"
        "申请行政复议,"
        f"也可以自收到之日起 6 个月内向{r.court}提起行政诉讼。{r.note}"
    )


def _remedy(face: Face) -> str:
    return remedy_of(face.definition)


def not_required_notice(face: Face, *, reason: str, article: str) -> Paper:
    return _paper(
        face,
        DocumentKind.NOT_REQUIRED_NOTICE,
        "不受",
        fields=_facts(face),
        reason=reason,
        articles=(article,),
        remedy=_remedy(face),
    )


def decline_notice(
    face: Face, *, ground: DeclineGround, facts: str, reason: str, article: str, right_organ: str
) -> Paper:
    return _paper(
        face,
        DocumentKind.DECLINE_NOTICE,
        "不予受",
        {"决定": "决定不予受理"},
        fields=_facts(face),
        ground=ground,
        facts=facts,
        reason=reason,
        articles=(article,),
        right_organ=right_organ,
        remedy=_remedy(face),
    )


def pause_notice(face: Face, *, ground: str, article: str, time_needed: str, reason: str) -> Paper:
    return _paper(
        face,
        DocumentKind.PAUSE_NOTICE,
        "特",
        {"特别程序": ground, "期限说明": "所需时间依法不计算在办理期限内"},
        fields=_facts(face),
        reason=reason,
        articles=(article,),
        time_needed=time_needed,
    )


def extension_notice(face: Face, *, reason: str, article: str, time: str, approver: str) -> Paper:
    return _paper(
        face,
        DocumentKind.EXTENSION_NOTICE,
        "延",
        {"期限说明": "在规定期限内不能作出决定,经批准延长期限"},
        fields=_facts(face),
        reason=reason,
        articles=(article,),
        time_needed=time,
        approved_by=approver,
    )


def grant_decision(face: Face, *, articles: tuple[str, ...], opinion: str) -> Paper:
    word = face.definition.grant_word
    return _paper(
        face,
        DocumentKind.GRANT_DECISION,
        face.definition.result.number_word,
        {"决定": f"决定{word}"},
        title=face.definition.grant_title,
        paragraphs=(opinion,) if opinion else (),
        fields=_facts(face),
        articles=articles,
    )


def refusal_decision(face: Face, *, facts: str, articles: tuple[str, ...], reason: str) -> Paper:
    word = face.definition.refuse_word
    return _paper(
        face,
        DocumentKind.REFUSAL_DECISION,
        f"不予{face.definition.result.number_word}",
        {"决定": f"决定{word}"},
        title=face.definition.refuse_title,
        fields=_facts(face),
        facts=facts,
        reason=reason,
        articles=articles,
        remedy=_remedy(face),
    )


def delivery_receipt(face: Face, *, papers: list[str], how: str, by: str) -> Paper:
    return _paper(
        face,
        DocumentKind.DELIVERY_RECEIPT,
        "送",
        fields=(
            *_facts(face),
            Field("送达文书", "、".join(papers)),
            Field("送达方式", how),
            Field("受送达人", face.applicant_name),
            Field("送达时间", f"{chinese_date(face.today)} {face.at:%H:%M}"),
            Field("送达人", by),
            Field("受送达人签收"),
        ),
    )
