"""Shared by the tests of making: granted cases whose certificate is printed, and who prints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.acting import actor, make_documents
from tests.integration.certifying import granted, people

from yiwang.apps.cases.models import Case
from yiwang.apps.certificates.making import printing
from yiwang.apps.certificates.models import BlankStock, Making

__all__ = ["makers", "people"]
ITEM, KIND = "public-place-hygiene", "public_place_hygiene"


@pytest.fixture
def makers(people: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Everybody of a decision, and the two who print at the hall."""
    return people | {"maker": actor("mo-make", at), "second": actor("yin-make", at)}


def to_make(makers: dict[str, Any], at: datetime, *, papers: bool = True) -> tuple[Case, Making]:
    """A granted case and its task; with its papers made unless that is what is tested."""
    case = granted(makers, at, ITEM)
    if papers:
        make_documents(case, at)
    return case, Making.objects.get(subject=case.subject)


def printed(making: Making, makers: dict[str, Any], at: datetime) -> Making:
    printing.take(making_id=making.pk, actor=makers["maker"], at=at)
    return printing.print_on_blank(making_id=making.pk, actor=makers["maker"], at=at)


def stored(making: Making, makers: dict[str, Any], at: datetime) -> Making:
    printed(making, makers, at)
    return printing.store(making_id=making.pk, actor=makers["maker"], at=at)


def stock(hall: str = "taolin-hall") -> BlankStock:
    from yiwang.apps.people.public import Hall

    return BlankStock.objects.get(keeper=f"hall:{Hall.objects.get(slug=hall).pk}", kind=KIND)
