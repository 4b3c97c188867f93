"""What the three administrators do: accounts (system), posts (security); audit only reads.

No two of the three duties come together in one account (GB/T 22239-2019 8.1.4), nobody gives
rights to himself, and every change is in the record and in the security log.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.apps.people import permissions
from yiwang.apps.people.domain.vocabulary import Separation, separated
from yiwang.apps.people.models import Account, Post, PostHolding, Role
from yiwang.apps.people.signing_in import note
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date


class AdministrationError(Exception):
    """It cannot be done; `message` says why, `fields` where (name → what to do)."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.fields = message, fields or {}


SHORTEST, LONGEST = 4, 200  # characters of the reason that every act of an administrator has


def reason_given(reason: str, problems: dict[str, str]) -> str:
    """The reason trimmed; what is wrong with it is added to `problems`."""
    text = reason.strip()
    if not SHORTEST <= len(text) <= LONGEST:
        problems["reason"] = f"请写明依据或理由,{SHORTEST} 到 {LONGEST} 个字。"
    return text


def refuse(problems: dict[str, str]) -> None:
    """Raises AdministrationError where something is to be mended."""
    if problems:
        raise AdministrationError("有内容需要修改。", problems)


def _staff(account_id: int) -> Account:
    """The account, locked: two assignments at once cannot slip past the separation."""
    account = (
        Account.objects.select_for_update(of=("self",)).filter(pk=account_id, is_staff=True).first()
    )
    if account is None:
        raise AdministrationError("没有找到这个工作人员账号。", {"account": "请选择工作人员账号。"})
    return account


def _tell(
    account: Account,
    operation: str,
    kind: str,
    *,
    actor: Actor,
    at: datetime,
    detail: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    append(
        subject=f"account:{account.pk}",
        operation=operation,
        actor=actor.ref,
        at=at,
        facts=facts or {},
    )
    by = f"由 {actor.label} 办理"
    note(kind, account=account.login, at=at, address=None, detail=f"{detail} {by}".strip()[:200])


@transaction.atomic
def assign_post(
    *,
    post_id: int,
    account_id: int,
    actor: Actor,
    at: datetime,
    is_deputy: bool = False,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> PostHolding:
    """Give a post to a member of staff, as holder (A角) or deputy (B角), from a day on.

    Raises AdministrationError: the three administrators' duties would meet in one account, it is
    one's own account, the days are the wrong way round; AccessDeniedError.
    """
    actor.require(permissions.ASSIGN_POSTS)
    account = _staff(account_id)
    post = Post.objects.select_related("role", "organ", "window").filter(pk=post_id).first()
    if post is None:
        raise AdministrationError("没有找到这个岗位。", {"post": "请选择岗位。"})
    starts = valid_from or civil_date(at)
    _check_assignment(account, post, actor, starts, valid_until, civil_date(at))
    holding, _ = PostHolding.objects.update_or_create(
        post=post,
        account=account,
        defaults={"is_deputy": is_deputy, "valid_from": starts, "valid_until": valid_until},
    )
    _tell(
        account,
        "people.assign_post",
        "POST_ASSIGNED",
        actor=actor,
        at=at,
        detail=f"{post.organ.short_name} {post.name}{'(B角)' if is_deputy else ''}",
        facts={
            "post": post.pk,
            "role": post.role_id,
            "is_deputy": is_deputy,
            "valid_from": str(starts),
            "valid_until": str(valid_until) if valid_until else None,
        },
    )
    return holding


def _check_assignment(
    account: Account, post: Post, actor: Actor, starts: date, until: date | None, today: date
) -> None:
    if account.pk == actor.account_id:
        raise AdministrationError("不能给自己分配岗位,请由另一位安全管理员办理。")
    if not account.is_active:
        raise AdministrationError("这个账号已停用,请先启用。")
    if any(p is not None and p.valid_until is not None for p in (post.organ, post.window)):
        raise AdministrationError("这个岗位的机构或窗口已经撤销,不能再分配。")
    if until is not None and until < max(starts, today):
        raise AdministrationError("日期不对。", {"valid_until": "结束日期要晚于开始日期和今天。"})
    wanted = Separation(post.role.separation)
    # A holding that has not begun yet counts: it would meet the new one later.
    others = Role.objects.filter(
        Q(post__holdings__valid_until__isnull=True) | Q(post__holdings__valid_until__gte=starts),
        post__holdings__account=account,
    )
    for role in others.distinct():
        if separated(wanted, Separation(role.separation)):
            raise AdministrationError(
                f"{account.label} 已担任「{role.name}」,不能再担任「{post.role.name}」:"
                "系统、安全、审计三类管理员必须由不同的人担任(三员分离)。",
                {"account": "请选择另一个人,或先结束原来的岗位。"},
            )


@transaction.atomic
def end_holding(*, holding_id: int, actor: Actor, at: datetime) -> None:
    """Take a post back: from now on the account does not hold it. Raises AdministrationError."""
    actor.require(permissions.ASSIGN_POSTS)
    row = (
        PostHolding.objects.select_for_update(of=("self",))
        .select_related("post__organ", "account")
        .filter(pk=holding_id)
        .first()
    )
    if row is None:
        raise AdministrationError("没有找到这条任岗,可能已由别人结束。")
    if row.account_id == actor.account_id:
        raise AdministrationError("不能结束自己的岗位,请由另一位安全管理员办理。")
    yesterday = civil_date(at) - timedelta(days=1)
    if row.valid_until is None or row.valid_until > yesterday:
        row.valid_until = yesterday
        row.save(update_fields=["valid_until"])
    _tell(
        row.account,
        "people.end_holding",
        "POST_ENDED",
        actor=actor,
        at=at,
        detail=f"{row.post.organ.short_name} {row.post.name}",
        facts={"post": row.post_id},
    )


@transaction.atomic
def unlock(*, account_id: int, actor: Actor, at: datetime) -> None:
    """Lift a lock after the person proved who they are. Any account. Raises AdministrationError."""
    actor.require(permissions.MANAGE_ACCOUNTS)
    account = Account.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        raise AdministrationError("没有找到这个账号。")
    Account.objects.filter(pk=account_id).update(failures=0, locked_until=None)
    _tell(account, "people.unlock", "UNLOCKED", actor=actor, at=at)


@transaction.atomic
def set_active(*, account_id: int, is_active: bool, actor: Actor, at: datetime) -> None:
    """Open or close an account; a closed one is signed out at its next request.

    Raises AdministrationError for one's own account.
    """
    actor.require(permissions.MANAGE_ACCOUNTS)
    if account_id == actor.account_id:
        raise AdministrationError("不能停用或启用自己的账号。")
    account = _staff(account_id)
    Account.objects.filter(pk=account_id).update(is_active=is_active)
    kind = "ENABLED" if is_active else "DISABLED"
    operation = "people.enable_account" if is_active else "people.disable_account"
    _tell(account, operation, kind, actor=actor, at=at)


@transaction.atomic
def reset_second_factor(*, account_id: int, actor: Actor, at: datetime) -> None:
    """Forget a lost telephone: the next sign-in sets a new one up.

    Raises AdministrationError for one's own account (that would undo the second factor).
    """
    actor.require(permissions.MANAGE_ACCOUNTS)
    if account_id == actor.account_id:
        raise AdministrationError("不能重置自己的动态口令,请由另一位系统管理员办理。")
    account = Account.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        raise AdministrationError("没有找到这个账号。")
    Account.objects.filter(pk=account_id).update(second_factor=None, second_factor_step=0)
    _tell(account, "people.reset_second_factor", "SECOND_FACTOR_RESET", actor=actor, at=at)
