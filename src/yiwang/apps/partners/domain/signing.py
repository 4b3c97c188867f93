"""How a delivery is signed, and when one that failed is tried again."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

FIRST, LONGEST, GIVEN_UP_AFTER = timedelta(minutes=1), timedelta(hours=12), timedelta(days=3)


def signature(secret: str, body: bytes, *, timestamp: int) -> str:
    """The value of `Yiwang-Signature`: the time is signed too, so that an old body cannot be
    sent again as a new one."""
    signed = f"{timestamp}.".encode() + body
    mac = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={mac}"


def next_attempt(*, attempts: int, since: datetime, at: datetime) -> datetime | None:
    """1, 2, 4 … minutes, at most twelve hours, for three days; None: given up."""
    if at - since >= GIVEN_UP_AFTER:
        return None
    wait = min(FIRST * 2 ** min(attempts - 1, 12), LONGEST)
    return min(at + wait, since + GIVEN_UP_AFTER)
