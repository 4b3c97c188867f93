"""Where a page may send somebody afterwards: only to a path of our own."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 500


def own_path(text: str | None, default: str = "/") -> str:
    """`text` where it is a path of this site, else `default`: no link of somebody else's making
    leads from our sign-in to a page that looks like ours."""
    if not text or not text.startswith("/") or len(text) > LONGEST:
        return default
    # Browsers read "/\\host" and "/<tab>/host" as "//host".
    if text[1:2] in ("/", "\\") or any(c < "!" for c in text):
        return default
    return text if url_has_allowed_host_and_scheme(text, allowed_hosts=None) else default
