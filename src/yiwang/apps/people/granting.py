"""What a real city needs before anybody works: staff accounts (system administrator), roles and
posts (security administrator). Nobody gives rights to himself; each act is recorded with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from yiwang.apps.people import permissions
from yiwang.apps.people.administration import AdministrationError, reason_given, refuse
from yiwang.apps.people.domain.vocabulary import Separation
from yiwang.apps.people.models import Account, Area, Organ, Post, PostHolding, Role, Window
from yiwang.apps.people.passwords import one_time_password
from yiwang.apps.people.signing_in import note
from yiwang.foundation.access import Actor, all_permissions
from yiwang.foundation.access.permissions import duties_of
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date

_LOGIN = re.compile(r"[a-z][a-z0-9-]{2,59}")
_CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")


@transaction.atomic
def create_staff(*, login: str, label: str, actor: Actor, at: datetime) -> tuple[Account, str]:
    """A staff account without any post, and its one-time password, which is never shown again.

    Raises AdministrationError, AccessDeniedError.
    """
    actor.require(permissions.MANAGE_ACCOUNTS)
    problems = {}
    if not _LOGIN.fullmatch(login.strip()):
        problems["login"] = "登录名用小写字母开头,3 到 60 位小写字母、数字和连字符。"
    elif Account.objects.filter(login=login.strip()).exists():
        problems["login"] = "这个登录名已经有人用了,请换一个。"
    if not 2 <= len(label.strip()) <= 60:
        problems["label"] = "请填写姓名,2 到 60 个字。"
    refuse(problems)
    secret = one_time_password()
    account = Account.objects.create(
        login=login.strip(),
        label=label.strip(),
        is_staff=True,
        password=make_password(secret),
        must_change_password=True,
    )
    _note_account(account, "people.create_account", "ACCOUNT_CREATED", actor, at)
    return account, secret


@transaction.atomic
def renew_password(*, account_id: int, actor: Actor, at: datetime) -> tuple[Account, str]:
    """A new one-time password for somebody who forgot theirs and proved who they are.

    Raises AdministrationError for one's own account.
    """
    actor.require(permissions.MANAGE_ACCOUNTS)
    rows = Account.objects.select_for_update(of=("self",))
    account = rows.filter(pk=account_id, is_staff=True, is_demo=False).first()
    if account is None or account.pk == actor.account_id:
        raise AdministrationError("不能给自己或演示账号发新密码;自己的请在「我的账号」里改。")
    secret = one_time_password()
    account.password, account.must_change_password = make_password(secret), True
    account.failures, account.locked_until = 0, None
    account.save()
    _note_account(account, "people.renew_password", "PASSWORD_RENEWED", actor, at)
    return account, secret


def _note_account(account: Account, operation: str, kind: str, actor: Actor, at: datetime) -> None:
    append(subject=f"account:{account.pk}", operation=operation, actor=actor.ref, at=at)
    detail = f"由 {actor.label} 办理"
    note(kind, account=account.login, at=at, address=None, detail=detail)


def _check_permissions(codes: Sequence[str], separation: Separation) -> str:
    """What is wrong with these permissions in a role of this duty; "" where nothing is."""
    known = {permission.code: permission for permission in all_permissions()}
    if unknown := sorted(set(codes) - known.keys()):
        return f"没有这个权限:{unknown[0][:60]}。"
    for code in sorted(set(codes)):
        if separation.value not in duties_of(code):
            label = known[code].label
            if not duties_of(code):
                return f"「{label}」是申请人本来就有的,不用也不能给工作人员的角色。"
            if separation is Separation.NONE:
                return f"「{label}」只能给专门的管理员角色(三员分离)。"
            return f"「{label}」不是这类管理员的权限,不能给这个角色(三员分离)。"
    return ""


@transaction.atomic
def save_role(
    *,
    code: str,
    name: str,
    codes: Sequence[str],
    reason: str,
    is_new: bool,
    actor: Actor,
    at: datetime,
) -> Role:
    """A new role of ordinary work, or other permissions of one. Which duty a role is of never
    changes. Whoever holds the role may not change it.

    Raises AdministrationError, AccessDeniedError.
    """
    actor.require(permissions.ASSIGN_POSTS)
    problems: dict[str, str] = {}
    said = reason_given(reason, problems)
    row = Role.objects.select_for_update(of=("self",)).filter(pk=code.strip()).first()
    if is_new and (row is not None or not _CODE.fullmatch(code.strip())):
        problems["code"] = "代码用小写字母、数字和下划线,不能和已有的重复。"
    if not 2 <= len(name.strip()) <= 40:
        problems["name"] = "请填写角色名称,2 到 40 个字。"
    if not codes:
        problems["permissions"] = "请至少选一项权限。"
    separation = Separation(row.separation) if row is not None else Separation.NONE
    if wrong := _check_permissions(codes, separation):
        problems["permissions"] = wrong
    refuse(problems)
    if row is None and not is_new:
        raise AdministrationError("没有找到这个角色。")
    if any(posting.role_code == code for posting in actor.postings):
        raise AdministrationError("不能改自己担任的角色,请由另一位安全管理员办理。")
    wanted, had = sorted(set(codes)), sorted(row.permissions) if row is not None else []
    row = row or Role(code=code.strip(), separation=Separation.NONE)
    row.name, row.permissions = name.strip(), wanted
    row.save(force_insert=is_new)
    facts = {
        "added": sorted(set(wanted) - set(had)),
        "taken": sorted(set(had) - set(wanted)),
        "reason": said,
    }
    append(subject=f"role:{row.code}", operation="people.save_role", actor=actor.ref, at=at,
           facts=facts)  # fmt: skip
    detail = f"角色「{row.name}」加 {len(facts['added'])} 项、减 {len(facts['taken'])} 项权限"
    note("ROLE_CHANGED", account="", at=at, address=None, detail=f"{detail},由 {actor.label} 办理")
    return row


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post as typed: codes and keys of what is there already; without `area` it works for its
    organ's own."""

    name: str
    role: str
    organ: str
    area: str
    window: int | None = None


@transaction.atomic
def add_post(*, wanted: NewPost, reason: str, actor: Actor, at: datetime) -> Post:
    """A post that nobody holds yet. Raises AdministrationError, AccessDeniedError."""
    actor.require(permissions.ASSIGN_POSTS)
    problems: dict[str, str] = {}
    said = reason_given(reason, problems)
    organ = Organ.objects.filter(slug=wanted.organ, valid_until=None).first()
    area = wanted.area.strip() or (organ.area_id if organ is not None else "")
    found: dict[str, Any] = {
        "role": Role.objects.filter(pk=wanted.role).first(),
        "organ": organ,
        "area": Area.objects.filter(pk=area, valid_until=None).first(),
    }
    words = {"role": "请选择角色。", "organ": "请选择机构。"}
    if area:
        words["area"] = "没有这个区域,或者已经撤销。请填写已登记区域的十二位代码,或者留空。"
    problems |= {name: text for name, text in words.items() if found[name] is None}
    if not 2 <= len(wanted.name.strip()) <= 80:
        problems["name"] = "请填写岗位名称,2 到 80 个字。"
    window = None
    if wanted.window is not None:
        window = Window.objects.filter(pk=wanted.window, valid_until=None).first()
        if window is None:
            problems["window"] = "没有这个窗口,或者已经关闭。"
    refuse(problems)
    try:
        with transaction.atomic():
            row = Post.objects.create(name=wanted.name.strip(), window=window, **found)
    except IntegrityError as error:
        message = "这个机构已有同名的岗位。"
        raise AdministrationError(message, {"name": message}) from error
    append(
        subject=f"post:{row.pk}",
        operation="people.add_post",
        actor=actor.ref,
        at=at,
        facts={"role": wanted.role, "organ": row.organ_id, "reason": said},
    )
    return row


@dataclass(frozen=True, slots=True)
class First:
    """One of the first three administrators: duty, login, name, one-time password."""

    duty: Separation
    login: str
    label: str
    secret: str


TITLES = {
    Separation.SYSTEM: "系统管理员",
    Separation.SECURITY: "安全管理员",
    Separation.AUDIT: "审计管理员",
}


@transaction.atomic
def first_administrators(
    *, area: tuple[str, str], organ: dict[str, str], names: dict[Separation, str], actor: Actor,
    at: datetime,
) -> list[First]:  # fmt: skip
    """An empty platform's beginning: its area, the organ of its administrators, the three roles,
    their posts and accounts. Only while there is no staff account at all.

    Raises AdministrationError.
    """
    if Account.objects.filter(is_staff=True).exists():
        raise AdministrationError("已经有工作人员账号,请由现有的管理员登记。")
    place, _ = Area.objects.get_or_create(code=area[0], defaults={"name": area[1], "level": "CITY"})
    home, _ = Organ.objects.get_or_create(
        slug=organ["slug"], defaults={**organ, "area": place, "kind": "PUBLIC_INSTITUTION"}
    )
    return [_first(duty, names[duty], home, place, actor, at) for duty in TITLES]


def _first(
    duty: Separation, label: str, organ: Organ, area: Area, actor: Actor, at: datetime
) -> First:
    codes = [p.code for p in all_permissions() if duty.value in duties_of(p.code)]
    role, _ = Role.objects.get_or_create(
        code=f"{duty.value.lower()}_admin",
        defaults={"name": TITLES[duty], "permissions": codes, "separation": duty},
    )
    post, _ = Post.objects.get_or_create(
        organ=organ, name=TITLES[duty], defaults={"role": role, "area": area}
    )
    secret = one_time_password()
    account = Account.objects.create(
        login=f"{duty.value.lower()}-admin",
        label=label,
        is_staff=True,
        password=make_password(secret),
        must_change_password=True,
    )
    PostHolding.objects.create(post=post, account=account, valid_from=civil_date(at))
    _note_account(account, "people.create_account", "ACCOUNT_CREATED", actor, at)
    return First(duty, account.login, label, secret)
