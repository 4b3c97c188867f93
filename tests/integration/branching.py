"""Shared by the tests of a case's branches: the people, and the food licence with other rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import yaml
from tests.acting import actor, received

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import receiving
from yiwang.apps.catalog.models import ItemVersion
from yiwang.apps.catalog.operations import import_package, publish, submit_for_review, to_package
from yiwang.apps.catalog.public import definition_of
from yiwang.foundation.documents.models import LegalDocument

FOOD = "food-business-licence"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REASON = "经核对情况属实,依法办理"


@pytest.fixture
def people(at: datetime) -> dict[str, Any]:
    logins = {"citizen": "lin-xiaoman", "clerk": "he-window", "reviewer": "zhao-review",
              "colleague": "qian-review", "approver": "sun-approve", "deputy": "li-approve"}  # fmt: skip
    return {name: actor(login, at) for name, login in logins.items()}


def change_item(at: datetime, **changes: Any) -> None:
    """Publish a new version of the food licence with these parts changed."""
    row = ItemVersion.objects.filter(item__code=FOOD, status="PUBLISHED").latest("number")
    package = yaml.safe_load(to_package(definition_of(row.pk)))
    package |= {key: value for key, value in changes.items() if key != "materials"}
    for code, parts in changes.get("materials", {}).items():
        next(m for m in package["materials"] if m["code"] == code).update(parts)
    package["effective_on"] = str(at.date())
    shen, yang = actor("shen-publish", at), actor("yang-publish", at)
    editor = actor("xu-editor", at)
    text = yaml.safe_dump(package, allow_unicode=True)
    made = import_package(text=text, actor=editor, at=at)
    assert made.reasons == []
    assert made.version is not None
    submit_for_review(version_id=made.version.pk, actor=editor, at=at)
    publish(version_id=made.version.pk, actor=shen if shen.ref != editor.ref else yang, at=at)


def paper_of(case: Case, kind: str) -> LegalDocument:
    return LegalDocument.objects.filter(subject=case.subject, kind=kind).latest("number")


def in_correction(at: datetime, people: dict[str, Any]) -> Case:
    case = received(FOOD, by=people["citizen"], at=at)
    return receiving.request_correction(
        case_id=case.pk, items=[("布局图", "没有标明面积")], actor=people["clerk"], at=at
    )
