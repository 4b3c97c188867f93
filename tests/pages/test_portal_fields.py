"""Questions as they are asked: undertakings are boxes to tick, hints say when, and say it once."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from tests.acting import actor, draft
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Draft
from yiwang.apps.cases.pages.fields import answer_rows, field_rows
from yiwang.apps.catalog.public import Definition, current_version, form_sections
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
ELDER, HOUSE = "elder-card", "real-estate-transfer"


def definition(item: str) -> Definition:
    version = current_version(item, today=civil_date(now()))
    assert version is not None
    return version.definition


def rows(item: str, errors: dict[str, str] | None = None) -> dict[str, dict[str, Any]]:
    found = definition(item)
    return {
        row["name"]: row
        for section in form_sections(found)
        for row in field_rows(found, section, {}, errors=errors)
    }


def asked(item: Draft, number: int, **posted: str) -> html.HtmlElement:
    """The page of questions after handing it in with these answers only."""
    page = signed_in("wang-shouren").post(f"/apply/{item.pk}/{number}/", {"act": "next", **posted})
    return html.document_fromstring(page.content.decode())


def test_an_undertaking_is_one_box_whose_label_is_what_is_promised() -> None:
    at = now()
    row = draft(ELDER, by=actor("wang-shouren", at), at=at)
    root = html.document_fromstring(
        signed_in("wang-shouren").get(f"/apply/{row.pk}/3/").content.decode()
    )
    (box,) = root.xpath("//input[@name='truth_statement']")
    assert (box.get("type"), box.get("value")) == ("checkbox", "true")
    assert box.get("aria-required") == "true"
    assert "checked" in box.attrib
    (label,) = root.xpath("//label[@for=$id]", id=box.get("id"))
    assert label.text_content().strip() == "我保证填写的信息真实"
    assert "我确认" not in root.text_content()


def test_an_undertaking_that_was_not_given_is_asked_for_at_the_box() -> None:
    at = now()
    row = draft(ELDER, by=actor("wang-shouren", at), at=at)
    root = asked(row, 3, has_agent="false")
    (box,) = root.xpath("//input[@name='truth_statement']")
    assert box.get("aria-invalid") == "true"
    (error,) = root.xpath("//*[@id=$id]", id=box.get("aria-describedby").split()[-1])
    assert "请确认:我保证填写的信息真实" in error.text_content()
    assert root.xpath("//*[@data-error-summary]//a/@href") == [f"#{box.get('id')}"]


def test_an_undertaking_given_is_told_as_confirmed() -> None:
    section = form_sections(definition(ELDER))[-1]
    told = {row["label"]: row["value"] for row in answer_rows(section, {"truth_statement": True})}
    assert told["我保证填写的信息真实"] == "已确认"


def test_a_hint_that_says_when_is_not_said_twice() -> None:
    assert rows(ELDER)["resident_since"]["hint"] == "户籍不在本省的填写"
    assert rows(ELDER)["agent_name"]["hint"] == "「是否由他人代办」选“是”时填写"


@pytest.mark.parametrize("item", [ELDER, HOUSE])
def test_no_hint_says_when_twice(item: str) -> None:
    assert [row["hint"] for row in rows(item).values() if row["hint"].count("填写") > 1] == []
