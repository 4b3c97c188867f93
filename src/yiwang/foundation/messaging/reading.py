"""The in-site messages of a person: what was sent, what is unread, what has been read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from yiwang.foundation.messaging.models import Channel, Message, MessageStatus

MOST_COUNTED = 100


def inbox(recipients: Collection[int]) -> QuerySet[Message]:
    """In-site messages that were sent to these parties, newest first."""
    return Message.objects.filter(
        recipient_id__in=recipients, channel=Channel.IN_SITE, status=MessageStatus.SENT
    ).order_by("-id")


def unread_count(recipients: Collection[int]) -> int:
    """How many of them are unread, at most MOST_COUNTED: more than that is told as many."""
    return inbox(recipients).filter(read_at=None)[:MOST_COUNTED].count()


def mark_read(
    recipients: Collection[int], *, at: datetime, only: int | None = None, up_to: int | None = None
) -> int:
    """Mark as read one message (`only`), or all up to one (`up_to`); returns how many were unread.

    One statement; what was read before keeps its time, and other people's messages are not touched.
    """
    found = inbox(recipients).filter(read_at=None).order_by()
    if only is not None:
        found = found.filter(pk=only)
    if up_to is not None:
        found = found.filter(pk__lte=up_to)
    return found.update(read_at=at)
