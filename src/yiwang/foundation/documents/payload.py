"""A document as plain data for the templates: every word printed comes from here.

The templates hold no text of their own, so that each string passes the check for missing glyphs.
"""

from __future__ import annotations

from typing import Any

from yiwang.foundation.documents import qr
from yiwang.foundation.documents.content import (
    Certificate,
    Document,
    Field,
    ItemList,
    Seal,
    Table,
)
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.wording import chinese_date, chinese_number

DEMO_WATERMARK = "演示样件 不具法律效力"
DEMO_SEAL_WORD = "演示"
NOTE_DEMO = "本件为 PDF，由测试证书签名，不是 GB/T 36905 电子证照"
NOTE_SAMPLE = "样件，只用来看文字和印章，没有签名，不是文书"
NOTE_GUIDE = "以网页公布的最新版为准"
NOTE_OWN_CERTIFICATE = "本件为 PDF，由本平台自建证书签名，不是 GB/T 36905 电子证照"

Block = dict[str, Any]


def payload(document: Document) -> dict[str, Any]:
    """Everything the template of `document.kind.rule.layout` needs, JSON types only."""
    data: dict[str, Any] = {
        "kind": document.kind.value,
        "title": document.heading,
        "colon": "：",
        "number": document.number,
        "organ": document.organ,
        "addressee": document.addressee,
        "made_on": chinese_date(document.made_on),
        "blocks": _blocks(document),
        "seal": _seal(document),
        "foot": _foot(document),
        "watermark": DEMO_WATERMARK if document.is_demo else "",
    }
    if document.certificate is not None:
        data["certificate"] = _certificate(document, document.certificate)
    if document.kind is DocumentKind.DELIVERY_RECEIPT:
        data["form"] = _delivery_form(document)
    return data


def _foot(document: Document) -> dict[str, Any]:
    checkable = bool(document.check_url)
    # The code of a guide leads to its page: it is no paper whose authenticity is checked.
    word = "扫码看最新版,本件为" if document.kind is DocumentKind.GUIDE else "查验码"
    return {
        "qr": qr.svg_bytes(document.check_url).decode() if checkable else "",
        "qr_alt": f"查验二维码 {document.check_code}" if checkable else "",
        "check": f"{word} {document.check_code}" if checkable else "",
        "how": f"扫码或访问 {document.check_url}" if checkable else "",
        "note": _note(document),
        "version": document.version_note,
        "page": "第",
        "of": "页 共",
        "end": "页",
    }


def _note(document: Document) -> str:
    """What the file is, honestly; what is not signed does not say that it was."""
    if document.is_sample:
        return NOTE_SAMPLE
    if document.kind is DocumentKind.GUIDE:
        return NOTE_GUIDE
    return NOTE_DEMO if document.is_demo else NOTE_OWN_CERTIFICATE


def _seal(document: Document) -> dict[str, str] | None:
    return seal_payload(document.seal, is_demo=document.is_demo) if document.seal else None


def seal_payload(seal: Seal, *, is_demo: bool) -> dict[str, str]:
    """A seal as the templates draw it."""
    return {
        "organ": seal.organ.strip(),
        "caption": seal.caption,
        "code": seal.code,
        "across": DEMO_SEAL_WORD if is_demo else "",
    }


def _blocks(document: Document) -> list[Block]:
    """The body in reading order."""
    blocks = [_paragraph(text) for text in document.paragraphs]
    if document.kind is not DocumentKind.DELIVERY_RECEIPT:
        blocks += _fields(document.fields)
    blocks += _grounds(document)
    prefix = "原因：" if document.kind is DocumentKind.CORRECTION_NOTICE else ""
    blocks += [_item_list(group, prefix) for group in document.lists]
    blocks += [_table(table) for table in document.tables]
    for number, section in enumerate(document.sections, 1):
        text = f"{chinese_number(number)}、{section.heading}"
        blocks.append({"type": "heading", "text": text})
        blocks += [_paragraph(text) for text in section.paragraphs]
        blocks += _fields(section.fields)
        blocks += [_item_list(group, "") for group in section.lists]
        blocks += [_table(table) for table in section.tables]
    if document.decision:
        blocks.append({"type": "decision", "text": document.decision})
    if document.remedy:
        blocks.append(_labelled("救济途径", document.remedy))
    return [*blocks, *(_paragraph(text) for text in document.closing)]


def _grounds(document: Document) -> list[Block]:
    pairs = (
        ("不予受理的情形", document.ground.label if document.ground else ""),
        ("有权办理的机关", document.right_organ),
        ("认定的事实", document.facts),
        ("法律依据", _sentence(document.articles)),
        ("理由", document.reason),
        (_time_word(document.kind), document.time_needed),
        ("批准人", document.approved_by),
    )
    return [_labelled(label, text) for label, text in pairs if text]


def _time_word(kind: DocumentKind) -> str:
    if kind is DocumentKind.PAUSE_NOTICE:
        return "所需时间（不计入办理期限）"
    if kind is DocumentKind.DEFERRAL_NOTICE:
        return "补交期限"
    return "延长的时间" if kind is DocumentKind.EXTENSION_NOTICE else "所需时间"


def _sentence(parts: tuple[str, ...]) -> str:
    text = "；".join(part.strip().rstrip(";；。") for part in parts if part.strip())
    return f"{text}。" if text else ""


def _paragraph(text: str) -> Block:
    return {"type": "paragraph", "text": text}


def _labelled(label: str, text: str) -> Block:
    return {"type": "labelled", "label": f"{label}：", "text": text}


def _fields(fields: tuple[Field, ...]) -> list[Block]:
    rows = [[field.label, field.value] for field in fields]
    return [{"type": "fields", "rows": rows}] if rows else []


def _item_list(group: ItemList, prefix: str) -> Block:
    items = [
        {"text": item.text, "reason": f"{prefix}{item.reason}" if item.reason else ""}
        for item in group.items
    ]
    return {"type": "list", "caption": group.caption, "items": items}


def _table(table: Table) -> Block:
    return {
        "type": "table",
        "caption": table.caption,
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "widths": list(table.widths or (1,) * len(table.columns)),
    }


def _certificate(document: Document, face: Certificate) -> dict[str, Any]:
    since = chinese_date(face.valid_from)
    validity = (
        f"自 {since} 起长期有效"
        if face.valid_to is None
        else f"{since} 至 {chinese_date(face.valid_to)}"
    )
    told = {field.value for field in face.fields}
    # What the item's own lines say already is not said twice.
    rows = [] if face.holder in told else [[face.holder_label, face.holder]]
    rows += [[field.label, field.value] for field in face.fields]
    rows += [["有效期限", validity]]
    rows += [] if document.organ in told else [["发证机关", document.organ]]
    return {
        "landscape": face.orientation == "LANDSCAPE",
        "rows": rows,
        "number": f"证照编号 {document.number}",
        "identifier": f"证照标识 {face.identifier}",
        "photo": list(face.photo or b""),
        "photo_format": face.photo_format or "",
        "photo_alt": "照片",
    }


def _delivery_form(document: Document) -> dict[str, Any]:
    rows = [["送达机关", document.organ], ["受送达人", document.addressee]]
    rows += [[field.label, field.value] for field in document.fields]
    return {
        "rows": rows,
        "signed": ["受送达人（代收人）\n签名或者盖章", "送达人签名"],
        "dated": "      年   月   日",
    }
