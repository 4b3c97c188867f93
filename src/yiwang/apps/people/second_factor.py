"""The second factor: set up once, proved at every sign-in (RFC 6238).

Codes are checked at the real time even where the demonstration clock is ahead: the person's
telephone does not move with it.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.db import transaction

from yiwang.apps.people.models import Account
from yiwang.apps.people.signing_in import (
    SignInRefusedError,
    check_second_factor,
    count_failure,
    note,
    refuse_while_locked,
)

WRONG_CODE = "动态口令不对,或者这一组已经用过。请等手机上换了新的一组再输入。"
ISSUER = "一网"


class SecondFactorLockedError(SignInRefusedError):
    """Too many wrong codes: the account is locked and the session has to end."""


def set_up_address(*, login: str, secret: str) -> str:
    """The `otpauth://` address that an authenticator application reads from a QR code."""
    name = quote(f"{ISSUER}:{login}")
    return f"otpauth://totp/{name}?secret={secret}&issuer={quote(ISSUER)}&digits=6&period=30"


def enrol(
    *, account_id: int, secret: str, code: str, at: datetime, real_at: datetime, address: str | None
) -> None:
    """Keep `secret` once a code made with it was shown to be right.

    Raises SignInRefusedError for a wrong code, or where the account has a second factor already.
    """
    account = Account.objects.get(pk=account_id)
    if account.second_factor is not None:
        raise SignInRefusedError("这个账号已经设置过动态口令,请直接输入口令。")
    _check(account, code, at=at, real_at=real_at, address=address, secret=secret)
    with transaction.atomic():
        Account.objects.filter(pk=account_id).update(second_factor=secret, failures=0)
        note("SECOND_FACTOR_SET", account=account.login, at=at, address=address)


def prove(
    *, account_id: int, code: str, at: datetime, real_at: datetime, address: str | None
) -> None:
    """Check a code of the account's own second factor; each code works once.

    Raises SignInRefusedError, SecondFactorLockedError after the fifth failure.
    """
    account = Account.objects.get(pk=account_id)
    _check(account, code, at=at, real_at=real_at, address=address)
    Account.objects.filter(pk=account_id).update(failures=0, locked_until=None)
    note("SECOND_FACTOR_PROVED", account=account.login, at=at, address=address)


def _check(
    account: Account,
    code: str,
    *,
    at: datetime,
    real_at: datetime,
    address: str | None,
    secret: str = "",
) -> None:
    try:
        refuse_while_locked(account, at=at, address=address)
    except SignInRefusedError as error:
        raise SecondFactorLockedError(error.message) from error
    if check_second_factor(account, code.replace(" ", ""), at=real_at, secret=secret):
        return
    count_failure(account, at=at, address=address)
    account.refresh_from_db(fields=["locked_until"])
    if account.locked_until is not None and at < account.locked_until:
        raise SecondFactorLockedError("连续 5 次不对,账号已锁定 30 分钟,请到时再登录。")
    raise SignInRefusedError(WRONG_CODE)
