"""What the papers about a certificate say. Each is from the organ that issued it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yiwang.apps.certificates.domain.grounds import Ground
from yiwang.apps.certificates.hooks import Remedy
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.foundation.documents.composing import compose
from yiwang.foundation.documents.content import Certificate as Face
from yiwang.foundation.documents.content import Document, Field
from yiwang.foundation.documents.issuing import new_check_code, numbered_document
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.documents.wording import remedy_text
from yiwang.foundation.links import public_url
from yiwang.foundation.statements import insert
from yiwang.kernel.moment import chinese_date, civil_date

PERIOD_WORDS = "5个工作日"


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked document with its id and the kind word of its number series."""

    identifier: uuid.UUID
    document: Document
    kind_word: str


def write_paper(certificate: Certificate, paper: Paper) -> LegalDocument:
    """The row of a paper with its number: the last thing of its transaction."""
    row = numbered_document(
        paper.document,
        identifier=paper.identifier,
        subject=certificate.record_subject,
        party_id=certificate.holder_id,
        addressee_label=certificate.holder.label,
        organ_word=certificate.organ.document_word,
        kind_word=paper.kind_word,
    )
    insert([row])
    return row


def _letter(
    certificate: Certificate,
    kind: DocumentKind,
    kind_word: str,
    at: datetime,
    words: Mapping[str, str] | None = None,
    **content: Any,
) -> Paper:
    """`words` are the values of the placeholders in the texts of this kind."""
    code = new_check_code()
    names = {"证照名称": certificate.name, "证照编号": certificate.number}
    document = compose(
        kind,
        organ=certificate.organ,
        on=civil_date(at),
        words={**names, **(words or {})},
        number="待编",
        addressee=certificate.holder.name,
        check_url=public_url(f"/check/{code}"),
        check_code=code,
        **content,
    )
    return Paper(uuid.uuid4(), document, kind_word)


def _facts(certificate: Certificate) -> tuple[Field, ...]:
    until = chinese_date(certificate.valid_until) if certificate.valid_until else "长期"
    return (
        Field("证照", certificate.name),
        Field("证照编号", certificate.number),
        Field("颁发日期", chinese_date(certificate.issued_on)),
        Field("有效期至", until),
    )


def revocation_notice(
    certificate: Certificate,
    proposal: RevocationProposal,
    ground: Ground,
    until: date,
    at: datetime,
) -> Paper:
    """拟撤销告知书: what is meant, on which facts, and the right to be heard before it happens."""
    return _letter(
        certificate,
        DocumentKind.REVOCATION_NOTICE,
        "拟撤告",
        at,
        {"情形": ground.label, "到期日": chinese_date(until)},
        paragraphs=(
            "您有权进行陈述和申辩,也可以要求举行听证。听证由本次拟办人员以外的人主持,不收取费用。"
            f"请在 {chinese_date(until)} 前通过「我的证照」或者书面提出;"
            "期满没有提出的,本机关依法作出决定。",
        ),
        fields=_facts(certificate),
        facts=proposal.facts,
        articles=(ground.article, "《中华人民共和国行政许可法》第七条、第四十六条"),
        reason=proposal.reason,
        time_needed=f"陈述、申辩和要求听证的期限:收到之日起{PERIOD_WORDS}",
    )


def revocation_decision(
    certificate: Certificate,
    proposal: RevocationProposal,
    ground: Ground,
    reason: str,
    remedy: Remedy,
    at: datetime,
) -> Paper:
    heard = _heard(proposal)
    return _letter(
        certificate,
        DocumentKind.REVOCATION_DECISION,
        "撤",
        at,
        {
            "情形": ground.label,
            "决定": "决定撤销",
            "生效说明": "自本决定书送达之日起不得再使用",
        },
        paragraphs=(heard,),
        fields=_facts(certificate),
        facts=proposal.facts,
        articles=(ground.article,),
        reason=reason,
        remedy=remedy_text(review_organ=_organ(remedy), court=remedy.court),
    )


def _organ(remedy: Remedy) -> str:
    return (
        f"{remedy.review_organ}(地址:{remedy.review_address})"
        if remedy.review_address
        else remedy.review_organ
    )


def _heard(proposal: RevocationProposal) -> str:
    """How the holder was heard, as the decision tells it."""
    told = chinese_date(civil_date(proposal.notified_at)) if proposal.notified_at else ""
    parts = [f"本机关已于 {told} 书面告知拟撤销的事实、理由、依据和您陈述、申辩、要求听证的权利。"]
    if proposal.hearing_on:
        parts.append(
            f"{chinese_date(proposal.hearing_on)} 举行了听证,主持人 {proposal.presiding}。"
        )
    if proposal.statement:
        parts.append("您提出的陈述、申辩意见,本机关已经复核。")
    elif proposal.waived_at:
        parts.append("您书面表示放弃陈述、申辩和听证。")
    elif not proposal.hearing_on:
        parts.append("期满您没有提出陈述、申辩和听证要求。")
    return "".join(parts)


def cancellation_notice(
    certificate: Certificate, ground: Ground, reason: str, remedy: Remedy | None, at: datetime
) -> Paper:
    return _letter(
        certificate,
        DocumentKind.CANCELLATION_NOTICE,
        "注",
        at,
        fields=(*_facts(certificate), Field("注销情形", ground.label)),
        articles=(ground.article,),
        reason=reason,
        remedy=remedy_text(review_organ=_organ(remedy), court=remedy.court) if remedy else None,
    )


def replacement(
    certificate: Certificate, lost: Certificate, identifier: uuid.UUID, at: datetime
) -> Paper:
    """The face of a replacement: the same content, with the word 补发 and its day."""
    code = new_check_code()
    fields = tuple(Field(label, str(value)) for label, value in certificate.fields.items())
    document = compose(
        DocumentKind.CERTIFICATE,
        organ=certificate.organ,
        on=civil_date(at),
        number=certificate.number,
        title=certificate.name,
        addressee=certificate.holder.name,
        certificate=Face(
            holder=certificate.holder.name,
            fields=(*fields, Field("补发", f"原证 {lost.number} 已挂失作废")),
            valid_from=certificate.issued_on,
            valid_to=certificate.valid_until,
            identifier=certificate.identifier,
        ),
        check_url=public_url(f"/check/{code}"),
        check_code=code,
    )
    return Paper(identifier, document, "")
