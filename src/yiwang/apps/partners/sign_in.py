"""Departments' sites let people sign in with our account (OpenID Connect, code with PKCE only).

What is kept is a consent, which the person sees and takes back; a code works once for a minute,
and a code that comes a second time ends what the first gave (RFC 6749 §4.1.2).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.apps.partners.domain.sign_in import (
    SIGN_IN_SCOPES,
    Asked,
    UnknownSiteError,
    asked_of,
    is_proof,
)
from yiwang.apps.partners.domain.vocabulary import ClientState
from yiwang.apps.partners.models import ApiClient
from yiwang.apps.partners.sign_in_models import SignInCode, SignInConsent, SignInToken
from yiwang.apps.partners.tokens import TokenRefusedError, digest_of, prove_client
from yiwang.apps.people.public import disclose, note_security
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import offset
from yiwang.foundation.environment import environment
from yiwang.foundation.jose import signed
from yiwang.foundation.record.writing import append
from yiwang.foundation.secrets.signing_keys import signing_keys
from yiwang.kernel.moment import civil_date

CODE_LIFE, TOKEN_LIFE = timedelta(minutes=1), timedelta(minutes=10)
PASSWORD, SECOND_FACTOR = "urn:yiwang:acr:password", "urn:yiwang:acr:second-factor"


def issuer() -> str:
    """Who we are to other sites: the public address, with our own path."""
    settings = environment()
    return f"{settings.public_url or f'http://{settings.host}:{settings.port}'}/oidc"


def site_of(given: Mapping[str, str], *, at: datetime) -> ApiClient:
    """The registered site behind a request, and its address is one of those registered, letter by
    letter. Raises UnknownSiteError."""
    site = ApiClient.objects.select_related("organ").filter(
        identifier=given.get("client_id", "")[:60].replace("\0", "")
    )
    found = site.first()
    if (
        found is None
        or found.state != ClientState.ACTIVE.value
        or found.valid_until < civil_date(at)
        or given.get("redirect_uri", "") not in found.redirect_uris
    ):
        raise UnknownSiteError
    return found


def asked_by(site: ApiClient, given: Mapping[str, str]) -> Asked:
    """Raises AskedWronglyError."""
    return asked_of(given, site.scopes)


def has_consent(site: ApiClient, asked: Asked, account_id: int) -> bool:
    """True where the person agreed to all of this already, and did not take it back."""
    found = SignInConsent.objects.filter(client=site, account_id=account_id, ended_at=None).first()
    return found is not None and not set(asked.scopes) - set(found.scopes)


@transaction.atomic
def agree(*, site: ApiClient, asked: Asked, actor: Actor, at: datetime) -> None:
    """The person's separate consent (个人信息保护法 §23)."""
    assert actor.account_id is not None
    found, _ = SignInConsent.objects.select_for_update().get_or_create(
        client=site, account_id=actor.account_id, defaults={"given_at": at}
    )
    kept = set(found.scopes) if found.ended_at is None else set()
    found.scopes = sorted(kept | set(asked.scopes))
    found.given_at, found.ended_at = at, None
    found.save(update_fields=["scopes", "given_at", "ended_at"])
    append(
        subject=person_subject(actor.party_id, actor.account_id),
        operation="partners.agree_sign_in",
        actor=actor.ref,
        at=at,
        facts={"client": site.pk, "scopes": found.scopes},
    )
    _note("CONSENT_GIVEN", found.account.login, site, at)


@transaction.atomic
def withdraw(*, consent_id: int, actor: Actor, at: datetime) -> SignInConsent | None:
    """Take a consent back: what was given on it ends now (个人信息保护法 §15). None where there
    is none of one's own."""
    if actor.account_id is None:
        return None
    found = (
        SignInConsent.objects.select_for_update(of=("self",))
        .select_related("client", "account")
        .filter(pk=consent_id, account_id=actor.account_id, ended_at=None)
        .first()
    )
    if found is None:
        return None
    found.ended_at = at
    found.save(update_fields=["ended_at"])
    SignInCode.objects.filter(consent=found).delete()
    append(
        subject=person_subject(actor.party_id, actor.account_id),
        operation="partners.withdraw_sign_in",
        actor=actor.ref,
        at=at,
        facts={"client": found.client_id},
    )
    _note("CONSENT_ENDED", found.account.login, found.client, at)
    return found


def consents_of(actor: Actor) -> list[SignInConsent]:
    """One's own, newest first; at most a hundred."""
    if actor.account_id is None:
        return []
    rows = SignInConsent.objects.select_related("client__organ")
    return list(rows.filter(account_id=actor.account_id, ended_at=None).order_by("-id")[:100])


@dataclass(frozen=True, slots=True)
class Session:
    """How the person signed in here; `began` in real time, None where that is not known."""

    began: datetime | None
    has_second_factor: bool


@transaction.atomic
def code_for(*, site: ApiClient, asked: Asked, session: Session, actor: Actor, at: datetime) -> str:
    """A code for the site, on a consent that stands. Raises SignInConsent.DoesNotExist."""
    assert actor.account_id is not None
    consent = SignInConsent.objects.select_for_update().get(
        client=site, account_id=actor.account_id, ended_at=None
    )
    code = secrets.token_urlsafe(32)
    SignInCode.objects.create(
        digest=digest_of(code),
        consent=consent,
        redirect_uri=asked.redirect_uri,
        scopes=sorted(set(asked.scopes) & set(consent.scopes)),
        nonce=asked.nonce,
        challenge=asked.challenge,
        signed_in_at=session.began,
        has_second_factor=session.has_second_factor,
        expires_at=at - offset() + CODE_LIFE,
    )
    return code


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a site hands in for a code."""

    identifier: str
    secret: str
    code: str
    redirect_uri: str
    verifier: str
    address: str


def exchange(given: Exchange, *, at: datetime) -> dict[str, Any]:
    """The body of a token answer. Raises TokenRefusedError."""
    site = prove_client(given.identifier, given.secret, given.address, at=at)
    with transaction.atomic():
        found = _code(given.code)
        if found is not None and found.consent.client_id == site.pk and found.used_at is not None:
            SignInToken.objects.filter(code=found).delete()
            _note("CODE_REPLAYED", found.consent.account.login, site, at)
        elif found is not None and _is_good(found, site, given, at):
            return _tokens(found, site, at)
    raise TokenRefusedError("invalid_grant", "授权码无效、过期或已经用过,请重新登录。")


def _code(text: str) -> SignInCode | None:
    rows = SignInCode.objects.select_for_update(of=("self",))
    return (
        rows.select_related("consent__account__party").filter(digest=digest_of(text[:200])).first()
    )


def _is_good(found: SignInCode, site: ApiClient, given: Exchange, at: datetime) -> bool:
    return (
        found.consent.client_id == site.pk
        and found.expires_at > at - offset()
        and found.redirect_uri == given.redirect_uri
        and found.consent.ended_at is None
        and found.consent.account.is_active
        and is_proof(given.verifier, found.challenge)
    )


def _tokens(found: SignInCode, site: ApiClient, at: datetime) -> dict[str, Any]:
    real, token = at - offset(), secrets.token_urlsafe(32)
    found.used_at = real
    found.save(update_fields=["used_at"])
    SignInToken.objects.create(digest=digest_of(token), code=found, expires_at=real + TOKEN_LIFE)
    _note("SIGNED_IN_ELSEWHERE", found.consent.account.login, site, at)
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "scope": " ".join(found.scopes),
        "id_token": signed(_claims(found, site, real), signing_keys()),
    }


def _claims(found: SignInCode, site: ApiClient, real: datetime) -> dict[str, Any]:
    """As little as says who it is: everything else is asked for, and its reading recorded."""
    claims: dict[str, Any] = {
        "iss": issuer(),
        "sub": str(found.consent.subject),
        "aud": site.identifier,
        "iat": int(real.timestamp()),
        "exp": int((real + TOKEN_LIFE).timestamp()),
        "acr": SECOND_FACTOR if found.has_second_factor else PASSWORD,
    }
    if found.nonce:
        claims["nonce"] = found.nonce
    if found.signed_in_at is not None:
        claims["auth_time"] = int(found.signed_in_at.timestamp())
    return claims


@transaction.atomic
def person_of(token: str, *, at: datetime) -> dict[str, Any]:
    """The claims of the person behind a token; the first reading is recorded and shown to them.
    Raises TokenRefusedError."""
    rows = SignInToken.objects.select_for_update(of=("self",)).select_related(
        "code__consent__client__organ", "code__consent__account__party"
    )
    found = rows.filter(digest=digest_of(token[:200]), expires_at__gt=at - offset()).first()
    consent = found.code.consent if found else None
    if found is None or consent is None or not _is_open(consent, at):
        raise TokenRefusedError("invalid_token", "令牌无效或已过期。")
    if found.read_at is None:
        found.read_at = at - offset()
        found.save(update_fields=["read_at"])
        _disclose(found.code, consent.client, at)
    account, scopes = consent.account, set(found.code.scopes)
    party = account.party
    claims: dict[str, Any] = {
        "sub": str(consent.subject),
        "name": party.label if party else account.label,
        "kind": "staff" if account.is_staff else "person",
    }
    if "profile" in scopes and party is not None:
        claims["name"] = party.name
    if "paper" in scopes and party is not None:
        claims |= {
            "paper_kind": party.paper_kind,
            "paper_number": party.paper_number,
            "paper_verified": True,
        }
    return claims


def _is_open(consent: SignInConsent, at: datetime) -> bool:
    site = consent.client
    return (
        consent.ended_at is None
        and consent.account.is_active
        and site.state == ClientState.ACTIVE.value
        and site.valid_until >= civil_date(at)
    )


def _disclose(code: SignInCode, site: ApiClient, at: datetime) -> None:
    told = "、".join(SIGN_IN_SCOPES[name][1] for name in SIGN_IN_SCOPES if name in code.scopes)
    disclose(
        account=code.consent.account,
        what=told,
        reason=f"您用本平台账号登录「{site.name}」,并同意提供",
        by=site.subject,
        by_label=f"{site.organ.short_name} {site.name}",
        at=at,
    )


def _note(kind: str, login: str, site: ApiClient, at: datetime) -> None:
    note_security(kind, account=login, at=at, address=None, detail=site.name)


def person_subject(party_id: int | None, account_id: int) -> str:
    """The person's own chain; staff without a party have their account's."""
    return f"party:{party_id}" if party_id is not None else f"account:{account_id}"
