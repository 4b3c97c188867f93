"""Passwords: what one may be, changing one's own, and the one-time password of a new account."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.models import Account
from yiwang.apps.people.signing_in import SignInRefusedError, count_failure, note
from yiwang.foundation.record.writing import append

SHORTEST, LONGEST = 10, 128
# Nothing that looks like something else when it is read out or written down.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def problem_of(password: str, account: Account) -> str:
    """What is wrong with a new password; "" where nothing is (GB/T 22239-2019 8.1.4.1)."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"请用 {SHORTEST} 到 {LONGEST} 个字符,长一些比复杂一些更安全。"
    if password.isdecimal() or account.login.lower() in password.lower():
        return "不能全是数字,也不能含有登录名。"
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return "这个密码太常见,别人容易猜到,请换一个。"
    return ""


@transaction.atomic
def change_password(
    *, account_id: int, old: str, new: str, again: str, at: datetime, address: str | None
) -> Account:
    """One's own, with the old one. Every other session of the account ends with it.

    Raises AdministrationError with fields; a wrong old password counts as a failed sign-in.
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account_id)
    fields = {}
    if problem := problem_of(new, account):
        fields["new"] = problem
    elif new != again:
        fields["again"] = "两次输入的新密码不一样。"
    elif new == old:
        fields["new"] = "新密码要和原来的不同。"
    if fields:
        raise AdministrationError("有内容需要修改。", fields)
    account.password, account.password_set_at = make_password(new), at
    account.must_change_password = False
    account.save(update_fields=["password", "password_set_at", "must_change_password"])
    note("PASSWORD_CHANGED", account=account.login, at=at, address=address)
    append(
        subject=f"account:{account.pk}",
        operation="people.change_password",
        actor=f"account:{account.pk}",
        at=at,
    )
    return account


def require_old(account_id: int, old: str, *, at: datetime, address: str | None) -> None:
    """The old password is right, else a failure is counted, which stays whatever comes after.

    Raises AdministrationError, SignInRefusedError while the account is locked.
    """
    account = Account.objects.get(pk=account_id)
    if account.locked_until is not None and at < account.locked_until:
        raise SignInRefusedError("这个账号因多次输错已锁定,请稍后再试。")
    if not check_password(old, account.password):
        count_failure(account, at=at, address=address)
        raise AdministrationError("有内容需要修改。", {"old": "现在的密码不对。"})
