"""Reads of the catalogue. Published definitions never change, so they are kept in the process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from yiwang.apps.catalog.domain.definition import Definition
from yiwang.apps.catalog.models import ItemVersion, ServiceItem, VersionStatus
from yiwang.apps.people.public import Blocker, PlaceKind
from yiwang.foundation.search.queries import find
from yiwang.foundation.statements import Statement

SEARCH_KIND = "item"


@dataclass(frozen=True, slots=True)
class CurrentVersion:
    """The version of an item in force on a day."""

    item_id: int
    version_id: int
    number: int
    effective_on: date
    implementation_code: str
    organ_id: int
    organ_name: str
    definition: Definition


_published: dict[int, Definition] = {}


def definition_of(version_id: int) -> Definition:
    """The definition of a version; no statement for a published one seen before."""
    known = _published.get(version_id)
    if known is not None:
        return known
    row = ItemVersion.objects.only("definition", "status").get(pk=version_id)
    definition = Definition.model_validate(row.definition)
    if row.status in (VersionStatus.PUBLISHED, VersionStatus.SUPERSEDED):
        _published[version_id] = definition
    return definition


def _read_unseen(published: list[int]) -> None:
    """Keep the definitions of these published versions that are not kept yet: one statement, none
    where all are."""
    unseen = [version_id for version_id in published if version_id not in _published]
    if unseen:
        for row in ItemVersion.objects.filter(pk__in=unseen).only("definition"):
            _published[row.pk] = Definition.model_validate(row.definition)


def current_version(code: str, *, today: date) -> CurrentVersion | None:
    """The version of the item in force today, or None. One statement."""
    row = _IN_FORCE.first(today, code)
    return _to_current(row) if row else None


def current_versions(*, today: date) -> list[CurrentVersion]:
    """All items in force, by name. One statement (and one for all definitions not yet seen)."""
    rows = _ALL_IN_FORCE.rows(today)
    _read_unseen([row.pk for row in rows])
    found = [_to_current(row) for row in rows]
    return sorted(found, key=lambda version: version.definition.name)


def blanks_printed_on(today: date) -> dict[str, str]:
    """Kind → name of the blank stock that the items in force print on. One statement."""
    printed = (v.definition.result.blank for v in current_versions(today=today))
    return {blank.code: blank.name for blank in printed if blank is not None}


def licences_asked_for(today: date) -> dict[str, str]:
    """Licence kind → the plainest (shortest) name of the material, of the items in force. One
    statement."""
    found: dict[str, str] = {}
    for version in current_versions(today=today):
        for material in version.definition.materials:
            kind, name = material.licence_kind, material.name
            if kind and len(name) < len(found.get(kind, name + " ")):
                found[kind] = name
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def _in_force(today: date) -> QuerySet[ItemVersion]:
    return (
        ItemVersion.objects.filter(
            status=VersionStatus.PUBLISHED,
            effective_on__lte=today,
            item__organ__valid_until__isnull=True,  # nobody is left to take it in
        )
        .select_related("item__organ")
        .defer("definition")
    )


_IN_FORCE = Statement(
    lambda today, code: (
        _in_force(today).filter(item__code=code).order_by("-effective_on", "-number")[:1]
    ),
    date,
    str,
)
_ALL_IN_FORCE = Statement(
    lambda today: (
        _in_force(today).order_by("item_id", "-effective_on", "-number").distinct("item_id")
    ),
    date,
)


def _to_current(row: ItemVersion) -> CurrentVersion:
    return CurrentVersion(
        item_id=row.item_id,
        version_id=row.pk,
        number=row.number,
        effective_on=row.effective_on,
        implementation_code=row.item.implementation_code,
        organ_id=row.item.organ_id,
        organ_name=row.item.organ.name,
        definition=definition_of(row.pk),
    )


def search_items(text: str, *, today: date, limit: int = 20) -> list[CurrentVersion]:
    """Items in force that match a query, best first; everyday wording is found by alias."""
    codes = find(text, kind=SEARCH_KIND, limit=limit)
    found = {version.definition.code: version for version in current_versions(today=today)}
    return [found[code] for code in codes if code in found]


def item_by_code(code: str) -> ServiceItem | None:
    return ServiceItem.objects.filter(code=code).select_related("organ").first()


def items_that_end(kind: PlaceKind, key: int | str, today: date) -> list[Blocker]:
    """Items of an organ that can be applied for, and cannot once it is closed: twenty at most."""
    if kind is not PlaceKind.ORGAN:
        return []
    rows = ServiceItem.objects.filter(
        organ_id=key, versions__status=VersionStatus.PUBLISHED
    ).order_by("code")
    codes = rows.values_list("code", flat=True).distinct()[:20]
    return [Blocker(f"已发布的事项 {code}", f"/catalog/{code}/", blocks=False) for code in codes]
