"""Links to other sites: only to a host the deployment knows, or to an address we signed ourselves.

The page in between shows the host and asks; it never redirects, so nobody can borrow our name.
"""

from __future__ import annotations

import os
import re
from urllib.parse import urlencode, urlsplit

from django.core import signing

SALT = "links.leaving"
LONGEST = 500
KNOWN = "gjzwfw.www.gov.cn,www.gov.cn"
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
_PLAIN = re.compile(r"[!-\[\]-~]+")  # printable ASCII without blanks and without a backslash


class UnknownTargetError(ValueError):
    """Not an address this platform sends anybody to."""


def known_hosts() -> frozenset[str]:
    """Hosts that need no signature (YIWANG_LEAVING_HOSTS, separated by commas)."""
    text = os.environ.get("YIWANG_LEAVING_HOSTS", KNOWN)
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())


def _host_of(target: str) -> str:
    """Raises UnknownTargetError for anything but a plain https address of a named host."""
    if len(target) > LONGEST or not _PLAIN.fullmatch(target):
        raise UnknownTargetError
    try:
        parts = urlsplit(target)
        has_port = parts.port is not None
    except ValueError as error:
        raise UnknownTargetError from error
    host = (parts.hostname or "").lower()
    if parts.scheme != "https" or has_port or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise UnknownTargetError
    return host


def leaving_url(target: str) -> str:
    """Our own address of the page in between; signed where the host is not known."""
    host = _host_of(target)
    query = {"to": target}
    if host not in known_hosts():
        query["sign"] = signing.Signer(salt=SALT).signature(target)
    return f"/leaving/?{urlencode(query)}"


def host_to_leave_for(target: str, sign: str) -> str:
    """The host of a target that may be offered. Raises UnknownTargetError."""
    host = _host_of(target)
    if host in known_hosts():
        return host
    try:
        signing.Signer(salt=SALT).unsign(f"{target}:{sign}")
    except signing.BadSignature as error:
        raise UnknownTargetError from error
    return host
