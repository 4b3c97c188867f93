"""Signing in: lock-out after some failures, time-out, a second factor for staff."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from yiwang.apps.people.domain.parameters import LOCKED_FOR, MOST_FAILURES
from yiwang.apps.people.domain.security import SECURITY_KINDS
from yiwang.apps.people.models import Account, SecurityEvent
from yiwang.foundation.environment import environment
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.moment import BEIJING, civil_date
from yiwang.kernel.parameters import Held

STEP = 30


class SignInRefusedError(Exception):
    """Signing in did not work; the message says what to do and tells nothing about the account."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def wrong(at: datetime) -> str:
    """What is said of a wrong login or password, the same for both."""
    most, length = _lock(at)
    return f"登录名或密码不对。连续 {most} 次不对将锁定 {length.words}。"


def _lock(at: datetime) -> tuple[int, Held]:
    """After how many failures an account is locked, and for how long, today."""
    on = civil_date(at)
    return parameter(MOST_FAILURES, on=on).value, parameter(LOCKED_FOR, on=on)


def note(kind: str, *, account: str, at: datetime, address: str | None, detail: str = "") -> None:
    """Write a security event. Raises ValueError for a kind that the log has no words for."""
    if kind not in SECURITY_KINDS:
        raise ValueError(f"security event {kind} has no words")
    SecurityEvent.objects.create(kind=kind, account=account, address=address, detail=detail, at=at)


def sign_in(*, login: str, password: str, at: datetime, address: str | None) -> Account:
    """The account, or SignInRefusedError. Unknown logins cost the same time as wrong passwords."""
    account = Account.objects.filter(login=login.strip()[:60]).first()
    if account is None or not account.is_active or is_out_of_place(account.is_demo):
        make_password(password)
        note("SIGN_IN_UNKNOWN", account=login[:60], at=at, address=address)
        raise SignInRefusedError(wrong(at))
    refuse_while_locked(account, at=at, address=address)
    if not check_password(password, account.password):
        count_failure(account, at=at, address=address)
        raise SignInRefusedError(wrong(at))
    if account.second_factor is None:
        # With a second factor the count goes on until that is proved too: else somebody who has
        # the password could try codes for ever, four at a time.
        Account.objects.filter(pk=account.pk).update(failures=0, locked_until=None)
    note("SIGNED_IN", account=account.login, at=at, address=address)
    return account


def is_out_of_place(is_demo_account: bool) -> bool:
    """Everybody knows the demonstration's password: its accounts open nothing elsewhere, even
    where its data folder is started as a real deployment."""
    return is_demo_account and not environment().is_demo


def refuse_while_locked(account: Account, *, at: datetime, address: str | None) -> None:
    """Raises SignInRefusedError while the account is locked, whatever is offered."""
    if account.locked_until is None or at >= account.locked_until:
        return
    note("SIGN_IN_WHILE_LOCKED", account=account.login, at=at, address=address)
    raise SignInRefusedError(
        f"这个账号因多次输错已锁定到 {account.locked_until.astimezone(BEIJING):%H:%M},"
        "请到时再试,或凭身份证件到窗口解锁。"
    )


@transaction.atomic
def count_failure(account: Account, *, at: datetime, address: str | None) -> None:
    """Count one failure; so many (a parameter) lock the account."""
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1)
    failures = Account.objects.values_list("failures", flat=True).get(pk=account.pk)
    note(
        "SIGN_IN_FAILED", account=account.login, at=at, address=address, detail=f"第 {failures} 次"
    )
    most, length = _lock(at)
    if failures >= most:
        until = at + timedelta(minutes=length.value)
        Account.objects.filter(pk=account.pk).update(locked_until=until, failures=0)
        note("LOCKED", account=account.login, at=at, address=address)


def new_second_factor() -> str:
    """A fresh 160-bit secret, in base 32 for an authenticator app."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def check_second_factor(account: Account, code: str, *, at: datetime, secret: str = "") -> bool:
    """True for a code of this half minute or its neighbours that was not used before."""
    key = base64.b32decode(secret or account.second_factor or "")
    if not key or not code.isdigit() or len(code) != 6:
        return False
    generator = TOTP(key, 6, SHA1(), STEP)  # noqa: S303 - RFC 6238's own default
    now_step = int(at.timestamp()) // STEP
    for step in (now_step, now_step - 1, now_step + 1):
        try:
            generator.verify(code.encode(), step * STEP)
        except InvalidToken:
            continue
        used = Account.objects.filter(pk=account.pk, second_factor_step__lt=step).update(
            second_factor_step=step
        )
        return used == 1
    return False
