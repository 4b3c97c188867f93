"""Questions that follow from another answer, and undertakings that stand for something."""

from __future__ import annotations

from tests.unit.catalog.demonstration import PACKAGES

from yiwang.apps.cases.pages.fields import answer_rows
from yiwang.apps.catalog.forms import form_sections

CARD = PACKAGES["elder-card"]
FIELDS = {field.code: field for part in form_sections(CARD) for field in part.fields}


def test_a_question_of_an_agent_is_asked_only_after_the_answer_that_there_is_one() -> None:
    assert not FIELDS["agent_name"].is_asked({"has_agent": False})
    assert not FIELDS["agent_name"].is_asked({})
    assert FIELDS["agent_name"].is_asked({"has_agent": True})
    assert FIELDS["phone"].is_asked({})


def test_the_check_page_does_not_list_what_was_not_asked() -> None:
    section = next(p for p in form_sections(CARD) if FIELDS["agent_name"] in p.fields)
    labels = [r["label"] for r in answer_rows(section, {"has_agent": False}, change_url="/x/")]
    assert "代办人姓名" not in labels
    labels = [r["label"] for r in answer_rows(section, {"has_agent": True}, change_url="/x/")]
    assert "代办人姓名" in labels


def test_an_undertaking_is_offered_only_where_it_stands_for_a_material_that_is_asked() -> None:
    assert not CARD.commitments_for({"household_place": "IN_PROVINCE"})
    assert CARD.commitments_for({"household_place": "OUTSIDE"})
