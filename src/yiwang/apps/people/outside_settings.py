"""The outside provider this deployment lets people sign in with, from environment or files."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from yiwang.foundation.environment import DeploymentError, environment, read_secret

BACK = "/sign-in/outside/back/"


@dataclass(frozen=True, slots=True)
class Outside:
    """`kind_claim`, `number_claim`: where the paper stands; `verified_claim`: what must be true
    for it, "" where the provider gives verified papers only. `factors`: values of acr that stand
    for our second factor. `with_staff`: staff may sign in so; `registers`: somebody verified whom
    we do not know yet gets an account."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str
    scope: str
    kind_claim: str
    number_claim: str
    verified_claim: str
    factors: frozenset[str]
    with_staff: bool
    registers: bool


def outside_of(values: Mapping[str, str] = os.environ) -> Outside | None:
    """None where no provider is configured. Raises DeploymentError."""
    issuer = values.get("YIWANG_OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    if not is_safe(issuer):
        raise DeploymentError("YIWANG_OIDC_ISSUER 必须是 https 地址。")
    client_id = values.get("YIWANG_OIDC_CLIENT_ID", "").strip()
    secret = read_secret(values, "YIWANG_OIDC_CLIENT_SECRET")
    if not client_id or not secret:
        raise DeploymentError(
            "设置了 YIWANG_OIDC_ISSUER,还要设置 YIWANG_OIDC_CLIENT_ID 和 "
            "YIWANG_OIDC_CLIENT_SECRET_FILE。"
        )
    told = values.get("YIWANG_OIDC_PAPER_CLAIMS", "paper_kind,paper_number,paper_verified")
    claims = [part.strip() for part in told.split(",")]
    if len(claims) not in (2, 3) or not all(claims[:2]):
        raise DeploymentError("YIWANG_OIDC_PAPER_CLAIMS 形如 证件类型,证件号码,是否核验(可省)")
    return Outside(
        issuer=issuer,
        client_id=client_id,
        secret=secret,
        name=values.get("YIWANG_OIDC_NAME", "").strip() or "统一身份认证平台",
        scope=values.get("YIWANG_OIDC_SCOPE", "").strip() or "openid profile paper",
        kind_claim=claims[0],
        number_claim=claims[1],
        verified_claim=claims[2] if len(claims) == 3 else "",
        factors=frozenset(
            part for part in values.get("YIWANG_OIDC_SECOND_FACTOR_ACR", "").split(",") if part
        ),
        with_staff=values.get("YIWANG_OIDC_STAFF") == "1",
        registers=values.get("YIWANG_OIDC_REGISTERS") == "1",
    )


def outside_name() -> str:
    """What the button says; "" where there is none."""
    found = outside_of()
    return found.name if found else ""


def is_safe(url: str) -> bool:
    """https, or http on this very machine (trying it out)."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    if parts.scheme == "https":
        return True
    try:
        here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        here = False
    return parts.scheme == "http" and here


def redirect_uri() -> str:
    """Registered at the provider, letter by letter."""
    settings = environment()
    return f"{settings.public_url or f'http://{settings.host}:{settings.port}'}{BACK}"
