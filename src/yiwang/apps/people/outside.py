"""Signing in through an outside provider (OpenID Connect, authorization code with PKCE).

Somebody is known by an earlier binding (issuer and subject) or by a paper the provider verified,
never by a name, an e-mail or a telephone. Nobody is registered silently.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from yiwang.apps.people.domain.vocabulary import PartyKind
from yiwang.apps.people.models import Account, OutsideIdentity, Party
from yiwang.apps.people.operations import InvalidPartyError, register_party
from yiwang.apps.people.outside_provider import ProviderError, address_to, claims_for
from yiwang.apps.people.outside_settings import Outside
from yiwang.apps.people.permissions import FIND_PARTY
from yiwang.apps.people.queries import find_party_by_paper
from yiwang.apps.people.signing_in import is_out_of_place, note, refuse_while_locked
from yiwang.foundation.access import Actor, Posting
from yiwang.foundation.clockwork import offset
from yiwang.foundation.jose import TokenError
from yiwang.foundation.record.writing import append
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind

LASTS = timedelta(minutes=10)


class OutsideRefusedError(Exception):
    """It did not work; `message` says what to do. `is_unknown`: the person has no account here."""

    def __init__(self, message: str, *, is_unknown: bool = False) -> None:
        super().__init__(message)
        self.message, self.is_unknown = message, is_unknown


UNREACHED = "现在连不上{name},请稍后再试,或者用登录名和密码登录。"
UNPROVED = "{name}返回的登录结果没有核对通过,没有登录。请重新点一次;仍不行请拨打服务热线。"
EXPIRED = "这次登录已经过期或者办过了,请重新点登录。"
UNKNOWN = "{name}的这个身份在本平台还没有账号。"
NOT_STAFF = "工作人员账号不能从{name}登录,请用登录名和密码登录。"
OTHERS = "这个身份已经绑定在另一个账号上,或者证件不是您本人的,没有绑定。"


@dataclass(frozen=True, slots=True)
class Begun:
    """What the session keeps until the person comes back."""

    url: str
    state: str
    kept: dict[str, Any]


def begin(outside: Outside, *, next_path: str, bind_to: int | None, at: datetime) -> Begun:
    """A fresh state, nonce and verifier for one try. Raises OutsideRefusedError."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    real = at - offset()
    try:
        url = address_to(
            outside,
            state=state,
            nonce=nonce,
            challenge=challenge.rstrip(b"=").decode(),
            real_at=real,
        )
    except ProviderError as error:
        raise OutsideRefusedError(UNREACHED.format(name=outside.name)) from error
    kept = {
        "nonce": nonce,
        "verifier": verifier,
        "next": next_path,
        "at": real.timestamp(),
        "bind": bind_to,
    }
    return Begun(url, state, kept)


@dataclass(frozen=True, slots=True)
class SignedInOutside:
    """`is_proved`: the provider's own second factor, which this deployment accepts."""

    account: Account
    is_proved: bool


def finish(
    outside: Outside,
    *,
    kept: Mapping[str, Any] | None,
    given: Mapping[str, str],
    at: datetime,
    address: str | None,
) -> SignedInOutside:
    """The account of who came back. Raises OutsideRefusedError; SignInRefusedError while it is
    locked."""
    claims = _claims(outside, kept, given, at=at, address=address)
    assert kept is not None
    with transaction.atomic():
        account = _account(outside, claims, kept["bind"], at=at, address=address)
        if account is not None:
            _refuse_closed(outside, account)  # inside: then nothing is bound either
    if account is None:
        note("OUTSIDE_UNKNOWN", account="", at=at, address=address, detail=outside.name)
        raise OutsideRefusedError(UNKNOWN.format(name=outside.name), is_unknown=True)
    refuse_while_locked(account, at=at, address=address)
    OutsideIdentity.objects.filter(account=account, issuer=outside.issuer).update(last_used_at=at)
    note("SIGNED_IN_OUTSIDE", account=account.login, at=at, address=address, detail=outside.name)
    return SignedInOutside(account, claims.get("acr") in outside.factors)


def _refuse_closed(outside: Outside, account: Account) -> None:
    if account.is_staff and not outside.with_staff:
        raise OutsideRefusedError(NOT_STAFF.format(name=outside.name))
    if not account.is_active or is_out_of_place(account.is_demo):
        raise OutsideRefusedError("这个账号已停用,请凭身份证件到窗口处理。")


def _claims(
    outside: Outside,
    kept: Mapping[str, Any] | None,
    given: Mapping[str, str],
    *,
    at: datetime,
    address: str | None,
) -> dict[str, Any]:
    """What the provider says, checked. Raises OutsideRefusedError."""
    real = at - offset()
    if kept is None or real.timestamp() - kept["at"] > LASTS.total_seconds():
        raise OutsideRefusedError(EXPIRED)
    if given.get("iss", outside.issuer) != outside.issuer:  # RFC 9207: another provider's answer
        raise OutsideRefusedError(UNPROVED.format(name=outside.name))
    if "error" in given or not given.get("code"):
        raise OutsideRefusedError(f"您没有在{outside.name}完成登录。可以重新来,或者换一种方式。")
    try:
        return claims_for(
            outside,
            code=given["code"],
            verifier=kept["verifier"],
            nonce=kept["nonce"],
            real_at=real,
        )
    except TokenError as error:
        note("OUTSIDE_REFUSED", account="", at=at, address=address, detail=str(error)[:200])
        raise OutsideRefusedError(UNPROVED.format(name=outside.name)) from error
    except ProviderError as error:
        note("OUTSIDE_REFUSED", account="", at=at, address=address, detail=str(error)[:200])
        raise OutsideRefusedError(UNREACHED.format(name=outside.name)) from error


def _account(
    outside: Outside,
    claims: Mapping[str, Any],
    bind_to: int | None,
    *,
    at: datetime,
    address: str | None,
) -> Account | None:
    """By binding, else by the verified paper, else a new one where the deployment allows it."""
    bound = (
        OutsideIdentity.objects.select_related("account")
        .filter(issuer=outside.issuer, subject=claims["sub"])
        .first()
    )
    if bound is not None:
        if bind_to not in (None, bound.account_id):
            raise OutsideRefusedError(OTHERS)
        return bound.account
    paper = _paper(outside, claims)
    party = find_party_by_paper(*paper) if paper else None
    if bind_to is not None:
        account = Account.objects.get(pk=bind_to)
        if party is not None and account.party_id not in (None, party.pk):
            raise OutsideRefusedError(OTHERS)
    else:
        found = Account.objects.filter(party=party).first() if party is not None else None
        account = found or _registered(outside, claims, paper, at=at)  # type: ignore[assignment]
    if account is not None:
        _bind(outside, account, claims["sub"], at=at, address=address)
    return account


def _paper(outside: Outside, claims: Mapping[str, Any]) -> tuple[PaperKind, str] | None:
    """The paper the provider vouches for; None where it does not, or it cannot be one."""
    kind, number = claims.get(outside.kind_claim), claims.get(outside.number_claim)
    if outside.verified_claim and claims.get(outside.verified_claim) is not True:
        return None
    if not isinstance(number, str) or kind not in set(PaperKind):
        return None
    checked = papers.check(PaperKind(kind), number)
    return (PaperKind(kind), checked.value) if checked.is_valid else None


def _registered(
    outside: Outside,
    claims: Mapping[str, Any],
    paper: tuple[PaperKind, str] | None,
    *,
    at: datetime,
) -> Account | None:
    """A new account, where this deployment registers whom the provider verified."""
    name = claims.get("name")
    if not outside.registers or paper is None or not isinstance(name, str):
        return None
    try:
        party = register_party(
            kind=PartyKind.NATURAL_PERSON,
            name=name,
            paper_kind=paper[0],
            paper_number=paper[1],
            actor=_registrar(outside),
            at=at,
        )
    except InvalidPartyError as error:
        raise OutsideRefusedError(error.message) from error
    return _new_account(party, outside, at)


def _new_account(party: Party, outside: Outside, at: datetime) -> Account:
    account = Account.objects.create(
        login=f"p{party.pk}-{secrets.token_hex(4)}",
        label=party.name[:60],
        party=party,
        password=make_password(None),
    )
    append(
        subject=f"party:{party.pk}",
        operation="people.open_account",
        actor=_registrar(outside).ref,
        at=at,
        facts={"account": account.pk, "issuer": outside.issuer},
    )
    return account


def _registrar(outside: Outside) -> Actor:
    posting = Posting(
        post_id=0,
        post_label="实名登记",
        role_code="outside",
        permissions=frozenset({FIND_PARTY.code}),
        organ_id=0,
        organ_label=outside.name,
        area_code="",
        hall_id=None,
    )
    return Actor(ref="system:outside", label=outside.name, postings=(posting,))


def _bind(
    outside: Outside, account: Account, subject: str, *, at: datetime, address: str | None
) -> None:
    """Raises OutsideRefusedError where the account has another identity of this provider."""
    try:
        with transaction.atomic():
            OutsideIdentity.objects.create(
                account=account, issuer=outside.issuer, subject=subject, bound_at=at
            )
    except IntegrityError as error:
        raise OutsideRefusedError(
            f"这个账号已经绑定了{outside.name}的另一个身份。请先用原来的身份登录,"
            "在「我的账号」里解除绑定。"
        ) from error
    append(
        subject=f"account:{account.pk}",
        operation="people.bind_identity",
        actor=f"account:{account.pk}",
        at=at,
        facts={"issuer": outside.issuer},
    )
    note("IDENTITY_BOUND", account=account.login, at=at, address=address, detail=outside.name)
