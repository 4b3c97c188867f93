"""Taking a package: a person's whole file leaves the platform, and the person can read that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.archives.errors import PackageNotFoundError
from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.permissions import KEEP
from yiwang.apps.cases.public import applicant_of
from yiwang.apps.people.public import unmask
from yiwang.foundation.access import Actor


@transaction.atomic
def take(*, package: ArchivePackage, actor: Actor, at: datetime) -> None:
    """Record that the package was taken. Raises PackageNotFoundError."""
    if not actor.may(KEEP, organ_id=package.organ_id):
        raise PackageNotFoundError
    unmask(
        party=applicant_of(package.case_id),
        what=f"办件档案 {package.number}"[:120],
        reason="档案保管和移交",
        actor=actor,
        at=at,
        subject=package.subject,
    )
