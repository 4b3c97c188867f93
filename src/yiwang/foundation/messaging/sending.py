"""Queueing and sending messages.

S0 tells of an applicant who travelled five times because a system's automatic message was wrong.
So a message names what makes it true, and that is asked again in the transaction that sends it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.db import transaction

from yiwang.foundation.messaging.models import Channel, Message, MessageStatus

log = logging.getLogger(__name__)

StillTrue = Callable[[str, str], str]
_checks: dict[str, StillTrue] = {}


def message_kind(kind: str, still_true: StillTrue) -> None:
    """Register a kind of message. `still_true(subject, occasion)` returns "" while the message
    is true, else why it no longer is; it must lock what it reads against change."""
    if kind in _checks and _checks[kind] is not still_true:
        raise ValueError(f"message kind {kind} is registered twice")
    _checks[kind] = still_true


class Adapter(Protocol):
    """A way out. `send` raises on failure; the address is looked up by the adapter."""

    def send(self, message: Message) -> None: ...


class OutboxPage:
    """The default: nothing leaves the machine; staff read what would be sent on a page."""

    def send(self, message: Message) -> None:
        log.info("message %s by %s", message.pk, message.channel)


_adapters: dict[str, Adapter] = {channel: OutboxPage() for channel in Channel.values}


def use_adapter(channel: str, adapter: Adapter) -> None:
    _adapters[channel] = adapter


def queue(
    *,
    kind: str,
    subject: str,
    occasion: str,
    recipient_id: int,
    title: str,
    body: str,
    at: datetime,
    link: str = "",
    channels: tuple[str, ...] = (Channel.IN_SITE, Channel.SMS),
) -> None:
    """Queue a message on its channels; a second time for the same occasion does nothing.

    Raises KeyError for a kind nobody registered: a message with no truth behind it is not sent.
    """
    _checks[kind]
    Message.objects.bulk_create(
        [
            Message(
                kind=kind,
                subject=subject,
                occasion=occasion,
                recipient_id=recipient_id,
                channel=channel,
                title=title,
                body=body,
                link=link,
                created_at=at,
            )
            for channel in channels
        ],
        ignore_conflicts=True,
    )


def send_pending(*, at: datetime, limit: int = 100) -> int:
    """Send what is waiting, each in its own transaction; returns how many were settled."""
    settled = 0
    while settled < limit and _send_one(at):
        settled += 1
    return settled


def _send_one(at: datetime) -> bool:
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(status=MessageStatus.PENDING)
            .order_by("id")
            .first()
        )
        if message is None:
            return False
        _settle(message, at)
        message.save(update_fields=["status", "note", "sent_at", "attempts"])
    return True


def _settle(message: Message, at: datetime) -> None:
    reason = _checks[message.kind](message.subject, message.occasion)
    if reason:
        message.status, message.note = MessageStatus.WITHDRAWN, reason[:200]
        return
    try:
        _adapters[message.channel].send(message)
    except Exception as error:
        message.attempts += 1
        message.note = f"第 {message.attempts} 次发送未成功:{type(error).__name__}"
        if message.attempts >= 5:
            message.status = MessageStatus.FAILED
        log.exception("message %s", message.pk)
    else:
        message.status, message.sent_at = MessageStatus.SENT, at
