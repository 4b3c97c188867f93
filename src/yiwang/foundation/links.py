"""Addresses that leave the platform: on papers, in QR codes and in messages."""

from __future__ import annotations

import os

from yiwang.foundation.environment import environment


def public_url(path: str) -> str:
    """The full address of a path of ours (YIWANG_PUBLIC_URL, else this machine's own)."""
    base = (
        os.environ.get("YIWANG_PUBLIC_URL") or f"http://{environment().host}:{environment().port}"
    )
    return base.rstrip("/") + path
