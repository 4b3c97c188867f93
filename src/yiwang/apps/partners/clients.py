"""What the administrators do with clients: register, confirm, change keys, stop.

Registered by a security administrator and confirmed by a system administrator; a new key is asked
for by the one and handed out by the other, since whoever sees a key can act with it. Stopping
needs only one of them, at once.
"""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q, QuerySet

from yiwang.apps.partners.domain.scopes import SCOPES
from yiwang.apps.partners.domain.sign_in import REGISTERED, SIGN_IN, redirect_problem
from yiwang.apps.partners.domain.vocabulary import ClientState, PushState
from yiwang.apps.partners.models import AccessToken, ApiClient, ClientSecret, Push, SignInCode
from yiwang.apps.partners.permissions import CONFIRM, PROPOSE
from yiwang.apps.people.public import Account, Organ
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.environment import environment
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

LONGEST = timedelta(days=366)
OVERLAP = timedelta(days=7)  # how long the old key works beside a new one
MOST_NETWORKS = 20


class ClientError(Exception):
    """It cannot be done; `message` says why, `fields` where (name → what to do)."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.fields = message, fields or {}


class ClientNotFoundError(Exception):
    message = "没有找到这个接入系统。"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is filled in; `networks` one a line."""

    name: str
    organ_slug: str
    owner_login: str
    contact: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    valid_until: date | None
    redirect_uris: tuple[str, ...] = ()


@transaction.atomic
def propose(proposal: Proposal, *, actor: Actor, at: datetime) -> ApiClient:
    """Register a client; it opens nothing yet. Raises ClientError, AccessDeniedError."""
    actor.require(PROPOSE)
    problems: dict[str, str] = {}
    organ = Organ.objects.filter(slug=proposal.organ_slug).first()
    owner = Account.objects.filter(
        login=proposal.owner_login.strip()[:60], is_staff=True, is_active=True
    ).first()
    if organ is None:
        problems["organ"] = "请选择单位。"
    if owner is None:
        problems["owner"] = "没有这个登录名的工作人员账号,请核对。"
    networks = _networks(proposal.networks, problems)
    _check_texts(proposal, civil_date(at), problems)
    _check_redirects(proposal, problems)
    if problems or organ is None or owner is None:
        raise ClientError("有内容需要修改。", problems)
    assert proposal.valid_until is not None
    client = ApiClient.objects.create(
        identifier=f"yw_{secrets.token_hex(12)}",
        name=proposal.name.strip(),
        organ=organ,
        owner=owner,
        contact=proposal.contact.strip(),
        scopes=sorted(set(proposal.scopes)),
        networks=networks,
        redirect_uris=sorted(set(proposal.redirect_uris)),
        valid_until=proposal.valid_until,
        proposed_by=actor.ref,
        proposed_by_label=actor.label,
        proposed_at=at,
    )
    append(
        subject=client.subject,
        operation="partners.propose_client",
        actor=actor.ref,
        at=at,
        facts={
            "organ": organ.slug,
            "owner": owner.pk,
            "scopes": client.scopes,
            "networks": networks,
            "redirect_uris": client.redirect_uris,
            "valid_until": str(proposal.valid_until),
        },
    )
    return client


def _check_texts(proposal: Proposal, today: date, problems: dict[str, str]) -> None:
    if not 2 <= len(proposal.name.strip()) <= 80:
        problems["name"] = "请填写系统名称(2 到 80 个字)。"
    if not 2 <= len(proposal.contact.strip()) <= 120:
        problems["contact"] = "请填写联系方式,出现故障时要能找到人。"
    if not proposal.scopes or set(proposal.scopes) - set(SCOPES):
        problems["scopes"] = "请至少选择一项权限范围,只选确实需要的。"
    until = proposal.valid_until
    if until is None or not today < until <= today + LONGEST:
        problems["valid_until"] = "请填写今天以后、一年以内的日期。"


def _check_redirects(proposal: Proposal, problems: dict[str, str]) -> None:
    """Letter by letter what a sign-in may come back to; none without the scope and none missing."""
    scopes, uris = set(proposal.scopes), proposal.redirect_uris
    if scopes & (REGISTERED - {SIGN_IN}) and SIGN_IN not in scopes:
        problems["scopes"] = "要读取姓名或证件,须同时选「用本平台账号登录」。"
    if SIGN_IN in scopes and not uris:
        problems["redirect_uris"] = "请填写登录后回到的地址,一行一个。"
    if uris and SIGN_IN not in scopes:
        problems["redirect_uris"] = "没有选「用本平台账号登录」的,不用填写地址。"
    if len(uris) > MOST_NETWORKS:
        problems["redirect_uris"] = f"最多 {MOST_NETWORKS} 个地址。"
    for uri in uris:
        if problem := redirect_problem(uri, is_demo=environment().is_demo):
            problems["redirect_uris"] = problem


def _networks(lines: tuple[str, ...], problems: dict[str, str]) -> list[str]:
    """Written one way, so that the record and the check mean the same."""
    found = []
    for line in lines:
        try:
            found.append(str(ipaddress.ip_network(line.strip())))
        except ValueError:
            problems["networks"] = f"「{line.strip()[:60]}」不是网段,例如 10.2.3.0/24 或 10.2.3.4。"
    if not found and "networks" not in problems:
        problems["networks"] = "请填写这个系统从哪些地址访问,一行一个。"
    if len(found) > MOST_NETWORKS:
        problems["networks"] = f"最多 {MOST_NETWORKS} 个网段。"
    return sorted(set(found))


def _locked(client_id: int) -> ApiClient:
    """Raises ClientNotFoundError."""
    found = ApiClient.objects.select_for_update(of=("self",)).filter(pk=client_id).first()
    if found is None:
        raise ClientNotFoundError
    return found


@transaction.atomic
def confirm(*, client_id: int, actor: Actor, at: datetime) -> str:
    """The second administrator agrees: the client works from now on. Returns its first key,
    which nobody can read again. Raises ClientError, ClientNotFoundError, AccessDeniedError."""
    actor.require(CONFIRM)
    client = _locked(client_id)
    if client.state != ClientState.PROPOSED.value:
        raise ClientError("这个接入系统已经确认过或已停用,请刷新后再看。")
    if actor.ref == client.proposed_by:
        raise ClientError("这是您自己登记的,要由另一位管理员确认。")
    if client.valid_until < civil_date(at):
        raise ClientError("有效期已过,请停用后由安全管理员重新登记。")
    client.state = ClientState.ACTIVE.value
    client.confirmed_by, client.confirmed_by_label = actor.ref, actor.label
    client.confirmed_at = at
    client.save(update_fields=["state", "confirmed_by", "confirmed_by_label", "confirmed_at"])
    append(subject=client.subject, operation="partners.confirm_client", actor=actor.ref, at=at)
    return _new_secret(client, actor, at)


def _new_secret(client: ApiClient, actor: Actor, at: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    row = ClientSecret.objects.create(
        client=client, hash=make_password(secret), issued_by=actor.ref, issued_at=at
    )
    append(
        subject=client.subject,
        operation="partners.issue_secret",
        actor=actor.ref,
        at=at,
        facts={"secret_number": row.pk},
    )
    return secret


@transaction.atomic
def ask_rotation(*, client_id: int, actor: Actor, at: datetime) -> None:
    """Ask for a new key. Raises ClientError, ClientNotFoundError, AccessDeniedError."""
    actor.require(PROPOSE)
    client = _locked(client_id)
    if client.state != ClientState.ACTIVE.value:
        raise ClientError("只有启用的接入系统才能换发密钥。")
    if client.rotation_at is not None:
        raise ClientError("已经申请过换发,等系统管理员发放。")
    client.rotation_by, client.rotation_at = actor.ref, at
    client.save(update_fields=["rotation_by", "rotation_at"])
    append(subject=client.subject, operation="partners.ask_rotation", actor=actor.ref, at=at)


@transaction.atomic
def rotate(*, client_id: int, actor: Actor, at: datetime) -> str:
    """Hand out the new key that another administrator asked for; the old one works for a week
    more. Raises ClientError, ClientNotFoundError, AccessDeniedError."""
    actor.require(CONFIRM)
    client = _locked(client_id)
    if client.state != ClientState.ACTIVE.value or client.rotation_at is None:
        raise ClientError("换发密钥要先由安全管理员申请。")
    if actor.ref == client.rotation_by:
        raise ClientError("这是您自己申请的,要由另一位管理员发放。")
    live = list(valid_secrets(client.pk, at).order_by("-issued_at", "-id"))
    for place, row in enumerate(live):
        # Never more than two: the youngest goes on for a week, any older one ends now.
        ends = at + OVERLAP if place == 0 else at
        row.ends_at = min(ends, row.ends_at or ends)
        row.save(update_fields=["ends_at"])
    client.rotation_by, client.rotation_at = "", None
    client.save(update_fields=["rotation_by", "rotation_at"])
    return _new_secret(client, actor, at)


def valid_secrets(client_id: int, at: datetime) -> QuerySet[ClientSecret]:
    return ClientSecret.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), client_id=client_id
    )


@transaction.atomic
def disable(*, client_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Stop a client, or decline one that was registered, at once: its tokens open nothing from
    the next request on. Raises ClientError, ClientNotFoundError, AccessDeniedError."""
    if not (actor.may(PROPOSE) or actor.may(CONFIRM)):
        raise AccessDeniedError("停用接入系统需要安全管理员或系统管理员。")
    client = _locked(client_id)
    if client.state == ClientState.DISABLED.value:
        raise ClientError("这个接入系统已经停用。")
    if len(reason.strip()) < 4:
        raise ClientError("有内容需要修改。", {"reason": "请写明停用的原因(至少 4 个字)。"})
    client.state = ClientState.DISABLED.value
    client.disabled_at, client.disabled_by_label = at, actor.label
    client.disabled_reason = reason.strip()[:200]
    client.save(update_fields=["state", "disabled_at", "disabled_by_label", "disabled_reason"])
    AccessToken.objects.filter(client=client).delete()
    SignInCode.objects.filter(consent__client=client).delete()  # and the tokens given for them
    Push.objects.filter(client=client, state=PushState.PENDING.value).delete()
    append(
        subject=client.subject,
        operation="partners.disable_client",
        actor=actor.ref,
        at=at,
        facts={"reason": client.disabled_reason},
    )
