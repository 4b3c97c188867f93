"""Sending a stored file: it runs nothing and reaches nothing, whatever somebody put into it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from yiwang.foundation.files.models import StoredFile
from yiwang.foundation.files.storing import read, safe_name

SHOWN = {"application/pdf", "image/jpeg", "image/png"}
# What somebody uploaded runs nothing and reaches nothing. Browsers refuse to show a sandboxed PDF
# at all, so a PDF is held by the other directives alone.
CLOSED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def send(file: StoredFile, name: str) -> HttpResponse:
    """A stored file that runs nothing, whatever somebody put into it."""
    response = HttpResponse(read(file), content_type=file.media_type)
    way = "inline" if file.media_type in SHOWN else "attachment"
    response.headers["Content-Disposition"] = disposition(way, safe_name(name))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    is_pdf = file.media_type == "application/pdf"
    response.headers["Content-Security-Policy"] = CLOSED if is_pdf else f"sandbox; {CLOSED}"
    return response


def disposition(way: str, name: str) -> str:
    return f"{way}; filename*=UTF-8''{quote(name, safe='')}"
