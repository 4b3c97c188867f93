"""责令整改通知书: what two people found, what is to be put right, until when."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from yiwang.apps.oversight.models import FollowUpCheck
from yiwang.foundation.documents.composing import compose
from yiwang.foundation.documents.content import Document, Field, ItemList, ListedItem
from yiwang.foundation.documents.issuing import new_check_code, numbered_document
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.links import public_url
from yiwang.foundation.statements import insert
from yiwang.kernel.moment import chinese_date, civil_date

KIND_WORD = "责改"


def rectification_order(
    check: FollowUpCheck, *, text: str, people: str, until: date, at: datetime
) -> Document:
    code = new_check_code()
    return compose(
        DocumentKind.RECTIFICATION_ORDER,
        organ=check.organ,
        on=civil_date(at),
        words={
            "事项名称": check.item_name,
            "办件编号": check.short_number,
            "整改要求": f"现责令您于 {chinese_date(until)} 前改正",
            "到期日": chinese_date(until),
        },
        number="待编",
        addressee=check.applicant.name,
        paragraphs=(
            "逾期不改正或者改正后仍不符合的,本机关将移送发证机关依法处理;"
            "发证机关撤销许可以前,会告知您陈述、申辩和要求听证的权利。",
        ),
        fields=(
            Field("事项", check.item_name),
            Field("办件编号", check.short_number),
            Field("核查人", people),
            Field("请于此日前改正", chinese_date(until)),
        ),
        facts=text,
        articles=(check.article,),
        lists=(ItemList("承诺的核查要点", tuple(ListedItem(p) for p in check.points)),),
        check_url=public_url(f"/check/{code}"),
        check_code=code,
    )


def write_order(check: FollowUpCheck, document: Document, identifier: uuid.UUID) -> None:
    """Its row with its number: the last thing of the transaction."""
    row = numbered_document(
        document,
        identifier=identifier,
        subject=check.subject,
        party_id=check.applicant_id,
        addressee_label=check.applicant.label,
        organ_word=check.organ.document_word,
        kind_word=KIND_WORD,
    )
    insert([row])
