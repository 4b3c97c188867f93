"""Client credentials (RFC 6749 §4.4): a key for a bearer token, and a token for an actor."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.db.models import Q

from yiwang.apps.partners.clients import valid_secrets
from yiwang.apps.partners.domain.scopes import operations_of, permissions_of
from yiwang.apps.partners.domain.vocabulary import ClientState
from yiwang.apps.partners.models import AccessToken, ApiClient
from yiwang.foundation.access import Actor, Posting
from yiwang.foundation.clockwork import offset
from yiwang.kernel.moment import civil_date

LIFE = timedelta(minutes=30)
NOTE_EVERY = timedelta(minutes=1)


class TokenRefusedError(Exception):
    """An error of RFC 6749 §5.2: its code, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True, slots=True)
class Granted:
    token: str
    seconds: int
    scopes: list[str]


def grant(*, identifier: str, secret: str, scope: str, address: str, at: datetime) -> Granted:
    """A new token for a client that knows its key. Raises TokenRefusedError: one answer for
    whatever is wrong with the client, so that nothing is told about it."""
    client = prove_client(identifier, secret, address, at=at)
    wanted = scope.split() or list(client.scopes)
    if set(wanted) - set(client.scopes):
        raise TokenRefusedError("invalid_scope", "申请的权限范围超出了登记的范围。")
    token = secrets.token_urlsafe(32)
    AccessToken.objects.create(
        digest=digest_of(token),
        client=client,
        scopes=sorted(set(wanted)),
        expires_at=_real(at) + LIFE,
    )
    return Granted(token, int(LIFE.total_seconds()), sorted(set(wanted)))


def prove_client(identifier: str, secret: str, address: str, *, at: datetime) -> ApiClient:
    """The client that knows its key, is in force and calls from its network. Raises
    TokenRefusedError (`invalid_client`)."""
    client = ApiClient.objects.filter(identifier=identifier[:60]).first()
    keys = list(valid_secrets(client.pk, at)) if client is not None else []
    if client is None or not keys:
        make_password(secret[:200])  # as dear as a key that is wrong
    is_known = any(check_password(secret[:200], key.hash) for key in keys)
    if client is None or not is_known or not _is_open(client, address, at):
        raise TokenRefusedError(
            "invalid_client",
            "接入标识或密钥不对,或者系统未启用、已过期、不在允许的网段内。请与对接负责人联系。",
        )
    return client


def _is_open(client: ApiClient, address: str, at: datetime) -> bool:
    where = _address(address)
    return (
        client.state == ClientState.ACTIVE.value
        and client.valid_until >= civil_date(at)
        and where is not None
        and any(
            ipaddress.ip_address(where) in ipaddress.ip_network(part) for part in client.networks
        )
    )


def _real(at: datetime) -> datetime:
    """A token lives by real time: moving the demonstration clock ends none."""
    return at - offset()


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _address(text: str) -> str | None:
    """As the database compares it: version 4 written as version 6 is version 4."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls with a token: the actor, what the token opens, whether its use is to be noted."""

    client_id: int
    actor: Actor
    operations: frozenset[str]
    is_to_note: bool


# Token, client, day, state and network in one statement, on each request: what an administrator
# ends is ended with the next one.
_CALLER = """
    SELECT c.id, c.name, o.id, o.short_name, o.area_id, t.scopes, c.scopes,
           c.last_used_at IS NULL OR c.last_used_at < %(before)s,
           c.state = 'ACTIVE' AND c.valid_until >= %(today)s,
           EXISTS (SELECT 1 FROM jsonb_array_elements_text(c.networks) AS n (part)
                   WHERE %(address)s::inet <<= n.part::inet)
    FROM partners_accesstoken t
    JOIN partners_apiclient c ON c.id = t.client_id
    JOIN people_organ o ON o.id = c.organ_id
    WHERE t.digest = %(digest)s AND t.expires_at > %(real)s
"""


def caller_of(token: str, *, address: str, at: datetime) -> Caller:
    """Raises TokenRefusedError (`invalid_token`)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CALLER,
            {
                "digest": digest_of(token),
                "real": _real(at),
                "before": at - NOTE_EVERY,
                "today": civil_date(at),
                "address": _address(address),
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise TokenRefusedError("invalid_token", "访问令牌无效或已过期,请重新获取。")
    if not row[8]:
        raise TokenRefusedError("invalid_token", "这个接入系统已停用或已过有效期。")
    if not row[9]:
        raise TokenRefusedError("invalid_token", "这个地址不在登记的网段内。")
    given, held = (json.loads(c) if isinstance(c, str) else c for c in row[5:7])
    scopes = sorted(set(given) & set(held))
    posting = Posting(
        post_id=0,
        post_label="系统对接",
        role_code="api_client",
        permissions=permissions_of(scopes),
        organ_id=row[2],
        organ_label=row[3],
        area_code=row[4],
        hall_id=None,
    )
    actor = Actor(ref=f"client:{row[0]}", label=row[1], postings=(posting,))
    return Caller(row[0], actor, operations_of(scopes), row[7])


def note_use(client_id: int, *, at: datetime) -> None:
    """At most once a minute a client, whoever comes first."""
    due = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - NOTE_EVERY)
    ApiClient.objects.filter(due, pk=client_id).update(last_used_at=at)
