"""Writes of the catalogue: import, review, publish. A published version is never changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml
from django.db import IntegrityError, transaction
from pydantic import ValidationError

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.comparing import Difference, compare
from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.publishing import Problem, problems
from yiwang.apps.catalog.domain.yaml_text import read_typed_yaml
from yiwang.apps.catalog.events import ItemPublished
from yiwang.apps.catalog.models import ItemVersion, ServiceItem, VersionStatus
from yiwang.apps.catalog.queries import SEARCH_KIND
from yiwang.apps.people.public import Organ, organ_by_slug
from yiwang.foundation.access import Actor
from yiwang.foundation.outbox.bus import publish as publish_events
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.record.writing import append
from yiwang.foundation.search.queries import index
from yiwang.kernel.identifiers import implementation_code

NOT_ONES_OWN = "起草或改过这个版本的人不能发布它,请由另一位审核人发布。"


class CatalogError(Exception):
    """`message` says what is wrong; `reasons` lists each one with its place."""

    def __init__(self, message: str, reasons: list[Problem] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.reasons = reasons or []


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import would do or did: the differences from the version in force, the reasons
    that would stop publication, and the draft (None on a dry run)."""

    definition: Definition
    differences: list[Difference]
    reasons: list[Problem]
    version: ItemVersion | None


def parse_package(text: str) -> Definition:
    """A definition from a YAML package. Raises CatalogError with every place at once."""
    try:
        raw = read_typed_yaml(text)
    except yaml.YAMLError as error:
        raise CatalogError(f"不是有效的 YAML:{error}") from error
    if not isinstance(raw, dict):
        raise CatalogError("事项包应当是一个 YAML 对象,以 code: 开头。")
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        reasons = [Problem(".".join(str(p) for p in e["loc"]), words_of(e)) for e in error.errors()]
        raise CatalogError(f"事项包有 {len(reasons)} 处不符合格式。", reasons) from error


def words_of(error: Any) -> str:
    """One of pydantic's errors as a sentence for the editor."""
    return {
        "missing": "缺少这一项",
        "extra_forbidden": "没有这一项,请检查拼写",
        "string_too_short": "不能为空",
        "string_pattern_mismatch": "格式不对",
        "int_type": "请填一个整数",
        "int_parsing": "请填一个整数",
        "greater_than_equal": f"不能小于 {error.get('ctx', {}).get('ge', '')}",
        "less_than_equal": f"不能大于 {error.get('ctx', {}).get('le', '')}",
        "string_too_long": f"最多 {error.get('ctx', {}).get('max_length', '')} 个字",
        "too_short": "至少要有一项",
        "date_type": "请填日期",
        "date_from_datetime_parsing": "请填日期,例如 2026-01-01",
        "enum": f"只能取:{error.get('ctx', {}).get('expected', '')}",
    }.get(error["type"], str(error["msg"]))


def to_package(definition: Definition) -> str:
    """The YAML package of a definition: what was exported imports without a difference."""
    return yaml.safe_dump(as_json(definition), allow_unicode=True, sort_keys=False, width=100)


def as_json(definition: Definition) -> dict[str, Any]:
    return definition.model_dump(mode="json", by_alias=True, exclude_defaults=False)


def digest_of(stored: dict[str, Any]) -> str:
    """The digest of a definition as it is kept: a newer release with further fields reads the same
    text differently, but does not change it."""
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def import_package(*, text: str, actor: Actor, at: datetime, dry_run: bool = False) -> ImportResult:
    """Read a package: show the differences, or keep it as the item's draft.

    Raises CatalogError: unreadable, unknown organ, a draft of somebody else under review.
    """
    actor.require(permissions.EDIT)
    definition = parse_package(text)
    organ = organ_for(definition)
    item = ServiceItem.objects.filter(code=definition.code).first()
    before = _latest(item)
    differences = compare(before, definition)
    reasons = problems(definition)
    if dry_run:
        return ImportResult(definition, differences, reasons, None)
    item = item or new_item(definition, organ)
    version = keep_draft(item, definition, actor, at)
    return ImportResult(definition, differences, reasons, version)


def organ_for(definition: Definition) -> Organ:
    """The organ that handles it. Raises CatalogError where there is none any more."""
    organ = organ_by_slug(definition.organ)
    if organ is None:
        raise CatalogError(f"没有标识为 {definition.organ} 的机构,请先登记实施主体。")
    if organ.valid_until is not None:
        raise CatalogError(f"{organ.name}已经撤销,请把事项划给现在的实施主体。")
    return organ


def _latest(item: ServiceItem | None) -> Definition | None:
    if item is None:
        return None
    row = item.versions.filter(status=VersionStatus.PUBLISHED).order_by("-number").first()
    return Definition.model_validate(row.definition) if row else None


def new_item(definition: Definition, organ: Organ) -> ServiceItem:
    """The item of a first definition. Raises CatalogError where its code number is taken."""
    code = implementation_code.compose(
        organ=organ.uscc, level=str(definition.level), catalog=definition.catalog_code
    )
    try:
        with transaction.atomic():
            return ServiceItem.objects.create(
                code=definition.code,
                name=definition.name,
                organ=organ,
                implementation_code=code,
            )
    except IntegrityError as error:
        raise CatalogError(f"实施编码 {code} 已被另一个事项使用。") from error


def keep_draft(
    item: ServiceItem, definition: Definition, actor: Actor, at: datetime
) -> ItemVersion:
    """The item's one draft with this definition. Raises CatalogError while one is under review."""
    open_version = item.versions.filter(
        status__in=[VersionStatus.DRAFT, VersionStatus.IN_REVIEW]
    ).first()
    if open_version is not None and open_version.status == VersionStatus.IN_REVIEW:
        raise CatalogError("这个事项有一个版本正在审核,请等审核结束后再导入。")
    number = (item.versions.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    row = open_version or ItemVersion(item=item, number=number)
    row.definition = as_json(definition)
    row.digest = digest_of(row.definition)
    row.effective_on = definition.effective_on
    row.drafted_by, row.drafted_at = actor.ref, at
    row.status, row.returned_note = VersionStatus.DRAFT, ""
    row.save()
    _record(row, "catalog.draft", actor, at)
    return row


def _record(row: ItemVersion, operation: str, actor: Actor, at: datetime) -> None:
    append(
        subject=f"item:{row.item_id}",
        operation=operation,
        actor=actor.ref,
        at=at,
        facts={"version": row.number, "digest": row.digest},
    )


def version_in(version_id: int, status: str) -> ItemVersion:
    """The version, locked, where it is in this status. Raises CatalogError."""
    row = (
        ItemVersion.objects.select_for_update(of=("self",))
        .select_related("item__organ")
        .filter(pk=version_id)
        .first()
    )
    if row is None:
        raise CatalogError("没有找到这个版本。")
    if row.status != status:
        label = VersionStatus(row.status).label
        raise CatalogError(f"这个版本现在是「{label}」,不能这样办理。")
    return row


def has_drafted(row: ItemVersion, actor: Actor) -> bool:
    """True for whoever wrote any part of this version, however small the last change of another
    was. One statement."""
    drafts = RecordEntry.objects.filter(
        subject=f"item:{row.item_id}", operation="catalog.draft", actor=actor.ref
    )
    return row.drafted_by == actor.ref or drafts.filter(facts__version=row.number).exists()


@transaction.atomic
def submit_for_review(*, version_id: int, actor: Actor, at: datetime) -> ItemVersion:
    """送审. Raises CatalogError with every reason that would stop publication."""
    actor.require(permissions.EDIT)
    row = version_in(version_id, VersionStatus.DRAFT)
    reasons = problems(Definition.model_validate(row.definition))
    if reasons:
        raise CatalogError(f"还有 {len(reasons)} 个问题,解决后才能送审。", reasons)
    row.status, row.submitted_at = VersionStatus.IN_REVIEW, at
    row.save(update_fields=["status", "submitted_at"])
    _record(row, "catalog.submit", actor, at)
    return row


@transaction.atomic
def return_to_draft(*, version_id: int, note: str, actor: Actor, at: datetime) -> ItemVersion:
    """退回修改, with what to change."""
    actor.require(permissions.PUBLISH)
    row = version_in(version_id, VersionStatus.IN_REVIEW)
    if len(note.strip()) < 2:
        raise CatalogError("请写明需要修改的内容。")
    row.status, row.returned_note = VersionStatus.DRAFT, note.strip()[:400]
    row.save(update_fields=["status", "returned_note"])
    _record(row, "catalog.return", actor, at)
    return row


@transaction.atomic
def publish(
    *, version_id: int, actor: Actor, at: datetime, seen_digest: str | None = None
) -> ItemVersion:
    """发布: by another person than the one who drafted it; the version before is superseded.

    `seen_digest` is the digest of what the reviewer read: a version that was returned, changed
    and submitted again meanwhile is not published on the strength of it. Raises CatalogError.
    """
    actor.require(permissions.PUBLISH)
    row = version_in(version_id, VersionStatus.IN_REVIEW)
    if seen_digest is not None and seen_digest != row.digest:
        raise CatalogError("您打开之后,这个版本的内容改过了。请重新看过差异再发布。")
    if has_drafted(row, actor):
        raise CatalogError(NOT_ONES_OWN)
    definition = Definition.model_validate(row.definition)
    reasons = problems(definition)
    if reasons:
        raise CatalogError(f"还有 {len(reasons)} 个问题,不能发布。", reasons)
    if digest_of(row.definition) != row.digest:
        raise CatalogError("版本内容与起草时的摘要不符,请重新导入。")
    row.item.versions.filter(
        status=VersionStatus.PUBLISHED, effective_on__lte=row.effective_on
    ).update(status=VersionStatus.SUPERSEDED)
    row.status, row.published_by, row.published_at = VersionStatus.PUBLISHED, actor.ref, at
    row.save(update_fields=["status", "published_by", "published_at"])
    ServiceItem.objects.filter(pk=row.item_id).update(name=definition.name)
    _index(definition, row)
    _record(row, "catalog.publish", actor, at)
    publish_events([ItemPublished(item_id=row.item_id, version_id=row.pk)], at=at)
    return row


def _index(definition: Definition, row: ItemVersion) -> None:
    text = " ".join(
        [
            definition.name,
            *definition.aliases,
            definition.summary,
            definition.result.name,
            *definition.topics,
            row.item.organ.name,
            *(m.name for m in definition.materials),
        ]
    )
    index(kind=SEARCH_KIND, key=definition.code, title=definition.name, text=text)
