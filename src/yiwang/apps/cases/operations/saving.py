"""Keeping a filter under a name: one's own, at most twenty, one default for a list."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.filters import Chosen, WorkList
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import SavedFilter
from yiwang.apps.people.public import Account
from yiwang.foundation.access import AccessDeniedError, Actor

MOST = 20
LONGEST_NAME = 20
WORKS = {
    WorkList.ACCEPT: (permissions.ACCEPT,),
    WorkList.REVIEW: (permissions.REVIEW, permissions.DECIDE),
    WorkList.DELIVER: (permissions.DELIVER,),
    WorkList.CASES: (permissions.READ_ORGAN,),
}


def saved_filters(*, actor: Actor) -> list[SavedFilter]:
    """The actor's own, the most used first. One statement."""
    rows = SavedFilter.objects.filter(account_id=actor.account_id or 0)
    return list(rows.order_by("-uses", "name")[:MOST])


@transaction.atomic
def save_filter(
    *, chosen: Chosen, name: str, is_default: bool, actor: Actor, at: datetime
) -> SavedFilter:
    """Raises InvalidInputError with what to do; AccessDeniedError for a list of another job."""
    account = _own_account(chosen.work_list, actor)
    name = " ".join(name.split())
    if not chosen.query:
        raise InvalidInputError({"name": "现在没有筛选条件,请先选好条件再保存。"})
    if not 1 <= len(name) <= LONGEST_NAME:
        raise InvalidInputError({"name": f"请给这个筛选起个名字,{LONGEST_NAME} 个字以内。"})
    # Locked, so that two windows of one person cannot pass the number together.
    Account.objects.select_for_update().get(pk=account)
    mine = SavedFilter.objects.filter(account_id=account)
    names = set(mine.values_list("name", flat=True))
    if name in names:
        raise InvalidInputError({"name": f"已经有叫「{name}」的筛选,请换一个名字。"})
    if len(names) >= MOST:
        raise InvalidInputError({"name": f"最多保存 {MOST} 个筛选,请先删除不用的。"})
    if is_default:
        mine.filter(work_list=chosen.work_list).update(is_default=False)
    return SavedFilter.objects.create(
        account_id=account,
        work_list=chosen.work_list,
        name=name,
        query=chosen.query,
        is_default=is_default,
        saved_at=at,
    )


def _own_account(work_list: WorkList, actor: Actor) -> int:
    """Of somebody who works this list."""
    if actor.account_id is None or not any(actor.may(p) for p in WORKS[work_list]):
        raise AccessDeniedError
    return actor.account_id


def remove_filter(*, filter_id: int, actor: Actor) -> None:
    """One's own; nothing where there is none."""
    SavedFilter.objects.filter(pk=filter_id, account_id=actor.account_id or 0).delete()


@transaction.atomic
def make_default(*, filter_id: int, is_default: bool, actor: Actor) -> None:
    """The filter its list opens with, or no longer so."""
    row = (
        SavedFilter.objects.select_for_update()
        .filter(pk=filter_id, account_id=actor.account_id or 0)
        .first()
    )
    if row is None:
        return
    others = SavedFilter.objects.filter(account_id=row.account_id, work_list=row.work_list)
    others.update(is_default=False)
    if is_default:
        SavedFilter.objects.filter(pk=row.pk).update(is_default=True)


def use_filter(*, filter_id: int, actor: Actor) -> SavedFilter | None:
    """Count one use, so that what is used most stands first."""
    mine = SavedFilter.objects.filter(pk=filter_id, account_id=actor.account_id or 0)
    mine.update(uses=F("uses") + 1)
    return mine.first()
