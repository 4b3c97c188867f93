"""Holding cards against the record: what was changed by hand is named."""

from __future__ import annotations

from typing import Any

from yiwang.apps.supervision.models import Card, CardAppeal
from yiwang.apps.supervision.operations.issuing import evidence_digest
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.chain import Head, salted_digest

Findings = list[tuple[str, str, str]]


def check_cards(findings: Findings) -> dict[str, Head]:
    """Append what is wrong to `findings`; return the head each card row keeps. Three statements."""
    told: dict[str, tuple[dict[str, Any], dict[str, str]]] = {}
    entries = (
        RecordEntry.objects.filter(subject__startswith="card:")
        .order_by("subject", "seq")
        .values_list("subject", "facts", "digests")
    )
    for subject, facts, digests in entries.iterator(chunk_size=5000):
        before = told.get(subject, ({}, {}))
        told[subject] = ({**before[0], **facts}, {**before[1], **digests})
    appeals = {appeal.card_id: appeal for appeal in CardAppeal.objects.all()}
    heads = {}
    for card in Card.objects.order_by("id").iterator(chunk_size=2000):
        heads[card.subject] = Head(card.version, bytes(card.record_hash))
        facts, digests = told.get(card.subject, ({}, {}))
        problems = [
            *_columns(card, facts),
            *_texts(card, appeals.get(card.pk), digests),
        ]
        findings += [(card.subject, "PROJECTION", text) for text in problems]
    return heads


def head_of_card(card_id: int) -> Head | None:
    row = Card.objects.filter(pk=card_id).values_list("version", "record_hash").first()
    return Head(row[0], bytes(row[1])) if row else None


def _columns(card: Card, facts: dict[str, Any]) -> list[str]:
    pairs = (
        ("状态", card.state, facts.get("card_state")),
        ("信号", card.signal, facts.get("signal")),
        ("规则", card.rule_code, facts.get("rule")),
        ("办件", card.case_id, facts.get("case")),
        ("监察对象", card.target, facts.get("target")),
        ("监察编号", card.number, facts.get("number")),
    )
    return [f"{word}与记录不符" for word, shown, told in pairs if shown != told]


def _texts(card: Card, appeal: CardAppeal | None, digests: dict[str, str]) -> list[str]:
    """Texts are in the record by their digests only."""
    salt = bytes(card.salt)
    decision = card.withdrawn_reason or (appeal.decision if appeal else "")
    found = []
    if evidence_digest(card) != digests.get("evidence"):
        found.append("证据与记录的摘要不符")
    for name, word, text in (
        ("late_reason", "公开的超期原因", card.late_reason),
        ("appeal", "申诉理由", appeal.text if appeal else ""),
        ("decision", "裁定理由", decision),
    ):
        wanted = salted_digest(salt, text) if text else None
        if wanted != digests.get(name):
            found.append(f"{word}与记录的摘要不符")
    return found
