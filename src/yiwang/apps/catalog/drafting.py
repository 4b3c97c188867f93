"""Drafts made and changed by hand: from the version in force, from nothing, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.models import ItemVersion, ServiceItem, VersionStatus
from yiwang.apps.catalog.operations import (
    CatalogError,
    as_json,
    keep_draft,
    new_item,
    organ_for,
    version_in,
    words_of,
)
from yiwang.foundation.access import Actor

CHANGED = (
    "您打开之后,这份草稿被改过了,这次没有保存。您填写的内容还在下面,请复制需要保留的部分,"
    "返回草稿再打开这一页。"
)


class PartError(CatalogError):
    """What was typed cannot be kept; `fields` says where, by dotted place."""

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


@dataclass(frozen=True, slots=True)
class Change:
    """Top-level fields of a definition with their new values, as a package holds them.

    `seen_digest`: of the draft that was read before typing.
    """

    values: dict[str, Any]
    seen_digest: str


@transaction.atomic
def begin_draft(*, code: str, actor: Actor, at: datetime) -> ItemVersion:
    """The item's open draft, or a new one that is as the latest published version.

    Raises CatalogError: unknown item, a version under review.
    """
    actor.require(permissions.EDIT)
    item = ServiceItem.objects.select_for_update().filter(code=code).first()
    if item is None:
        raise CatalogError("没有找到这个事项。")
    open_version = item.versions.filter(status=VersionStatus.DRAFT).first()
    if open_version is not None:
        return open_version
    latest = item.versions.filter(status=VersionStatus.PUBLISHED).order_by("-number").first()
    if latest is None:
        raise CatalogError("这个事项还没有发布过的版本,正在审核的请等审核结束。")
    return keep_draft(item, Definition.model_validate(latest.definition), actor, at)


@transaction.atomic
def begin_item(*, values: dict[str, Any], actor: Actor, at: datetime) -> ItemVersion:
    """A new item with its first draft. Raises PartError, CatalogError."""
    actor.require(permissions.EDIT)
    definition = _checked(values)
    organ = organ_for(definition)
    if ServiceItem.objects.filter(code=definition.code).exists():
        raise PartError("这个标识已经有事项用了。", {"code": "这个标识已经有事项用了,请换一个。"})
    return keep_draft(new_item(definition, organ), definition, actor, at)


@transaction.atomic
def change_draft(*, version_id: int, change: Change, actor: Actor, at: datetime) -> ItemVersion:
    """Keep changed fields in a draft; whether it can be published is said there, not here.

    Raises PartError, CatalogError.
    """
    actor.require(permissions.EDIT)
    row = version_in(version_id, VersionStatus.DRAFT)
    if change.seen_digest != row.digest:
        raise PartError(CHANGED)
    before = Definition.model_validate(row.definition)
    definition = _checked(as_json(before) | change.values)
    if (definition.code, definition.organ) != (before.code, before.organ):
        raise CatalogError("标识和实施主体不能在草稿里改。")
    return row if definition == before else keep_draft(row.item, definition, actor, at)


def _checked(values: dict[str, Any]) -> Definition:
    try:
        return Definition.model_validate(values)
    except ValidationError as error:
        found = {".".join(str(p) for p in e["loc"]): words_of(e) for e in error.errors()}
        raise PartError(f"有 {len(found)} 处需要改。", found) from error
