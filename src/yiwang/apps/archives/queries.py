"""Reads of archives: by organ, newest first or waiting to be handed over."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.archives.errors import PackageNotFoundError
from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.permissions import KEEP
from yiwang.foundation.access import Actor
from yiwang.foundation.lists import Listing, page

PACKAGES = Listing(
    "archives_archivepackage", "organ_id", "bigint", (("id", "bigint"),), descending=True
)


@dataclass(frozen=True, slots=True)
class PackagePage:
    packages: list[ArchivePackage]
    next_cursor: str | None


def packages(
    *,
    actor: Actor,
    only_here: bool = False,
    year: int | None = None,
    after: str | None = None,
    size: int = 20,
) -> PackagePage:
    """Packages of the actor's organs, newest first; `only_here`: not handed over yet. Two
    statements. Raises BadCursorError."""
    where = "t.handed_over_at IS NULL" if only_here else "TRUE"
    values = []
    if year is not None:
        where, values = f"{where} AND t.year = %s", [year]
    found = page(
        PACKAGES,
        scopes=actor.organ_ids(KEEP),
        where=where,
        parameters=values,
        after=after,
        size=size,
    )
    rows = {
        row.pk: row
        for row in ArchivePackage.objects.filter(pk__in=found.keys)
        .select_related("organ")
        .defer("contents")
    }
    return PackagePage([rows[key] for key in found.keys if key in rows], found.next_cursor)


def package(package_id: int, *, actor: Actor) -> ArchivePackage:
    """Raises PackageNotFoundError."""
    row = ArchivePackage.objects.select_related("organ", "file").filter(pk=package_id).first()
    if row is None or not actor.may(KEEP, organ_id=row.organ_id):
        raise PackageNotFoundError
    return row


def waiting_years(*, actor: Actor) -> list[tuple[int, str, int]]:
    """(organ, its short name, year) with packages that were not handed over yet."""
    rows = (
        ArchivePackage.objects.filter(
            organ_id__in=actor.organ_ids(KEEP), handed_over_at__isnull=True
        )
        .values_list("organ_id", "organ__short_name", "year")
        .distinct()
        .order_by("year", "organ_id")
    )
    return list(rows)
