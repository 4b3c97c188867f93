"""Reads for those who keep the catalogue: every item with its versions, and one version whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.comparing import Difference, compare
from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.domain.publishing import Problem, problems
from yiwang.apps.catalog.models import ItemVersion, ServiceItem, VersionStatus
from yiwang.apps.catalog.operations import NOT_ONES_OWN, has_drafted
from yiwang.apps.catalog.queries import definition_of
from yiwang.foundation.access import Actor

OPEN = (VersionStatus.DRAFT, VersionStatus.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with what is in force, what is published for later, and what is being worked on."""

    item: ServiceItem
    in_force: ItemVersion | None
    coming: ItemVersion | None
    open: ItemVersion | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    rows: list[ItemRow]
    next_code: str | None


def items_page(
    *, today: date, text: str = "", status: str = "", after: str = "", size: int = 40
) -> ItemPage:
    """Items by code, after a code; two statements. `status` DRAFT or IN_REVIEW narrows to items
    that somebody works on."""
    found = ServiceItem.objects.select_related("organ").filter(code__gt=after).order_by("code")
    if text:
        found = found.filter(
            Q(name__icontains=text) | Q(code__icontains=text) | Q(organ__short_name__icontains=text)
        )
    if status in OPEN:
        found = found.filter(versions__status=status)
    items = list(found[: size + 1])
    versions: dict[int, list[ItemVersion]] = defaultdict(list)
    rows = ItemVersion.objects.filter(item__in=items[:size]).exclude(
        status=VersionStatus.SUPERSEDED
    )
    for row in rows.defer("definition").order_by("item_id", "number"):
        versions[row.item_id].append(row)
    return ItemPage(
        [_row(item, versions[item.pk], today) for item in items[:size]],
        items[size - 1].code if len(items) > size else None,
    )


def _row(item: ServiceItem, versions: list[ItemVersion], today: date) -> ItemRow:
    published = [v for v in versions if v.status == VersionStatus.PUBLISHED]
    return ItemRow(
        item,
        next((v for v in reversed(published) if v.effective_on <= today), None),
        next((v for v in published if v.effective_on > today), None),
        next((v for v in versions if v.status in OPEN), None),
    )


def versions_of(item: ServiceItem) -> list[ItemVersion]:
    """All versions of an item without their definitions, newest first."""
    return list(item.versions.defer("definition").order_by("-number"))


@dataclass(frozen=True, slots=True)
class WholeVersion:
    """A version with the one before it, what differs, and what stands against publication.

    `why_not` maps an act (submit, return, publish) to the reason why this actor cannot do it
    now; an act without a reason can be done.
    """

    version: ItemVersion
    definition: Definition
    before: ItemVersion | None
    differences: list[Difference]
    reasons: list[Problem]
    why_not: dict[str, str] = field(default_factory=dict)


def whole_version(version_id: int, *, actor: Actor) -> WholeVersion | None:
    """One version for its editors and reviewers; None where there is none."""
    version = (
        ItemVersion.objects.select_related("item__organ")
        .defer("definition")
        .filter(pk=version_id)
        .first()
    )
    if version is None:
        return None
    before = (
        ItemVersion.objects.filter(
            item=version.item,
            number__lt=version.number,
            status__in=[VersionStatus.PUBLISHED, VersionStatus.SUPERSEDED],
        )
        .defer("definition")
        .order_by("-number")
        .first()
    )
    definition = definition_of(version.pk)
    reasons = problems(definition) if version.status in OPEN else []
    return WholeVersion(
        version,
        definition,
        before,
        compare(definition_of(before.pk) if before else None, definition),
        reasons,
        _why_not(version, reasons, actor),
    )


def _why_not(version: ItemVersion, reasons: list[Problem], actor: Actor) -> dict[str, str]:
    """The same rules as the operations', told beforehand."""
    found = {}
    if not actor.may(permissions.EDIT):
        found["submit"] = "送审需要「编辑事项」权限。"
    elif reasons:
        found["submit"] = f"还有 {len(reasons)} 个问题,解决后才能送审。"
    if not actor.may(permissions.PUBLISH):
        found["return"] = found["publish"] = "审核发布需要「审核发布事项」权限。"
    elif has_drafted(version, actor):
        found["publish"] = NOT_ONES_OWN
    elif reasons:
        found["publish"] = f"还有 {len(reasons)} 个问题,不能发布。"
    return found
