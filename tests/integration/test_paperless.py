"""Paperless items: no paper is kept, and who brings paper is served at once (R138)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import PDF, actor, answers_for
from tests.integration.branching import people
from tests.integration.taking import TAKER
from tests.unit.catalog.demonstration import PACKAGES

from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Case, CaseMaterial, Draft
from yiwang.apps.cases.operations import desk, receiving, taking_in
from yiwang.apps.catalog.public import current_version
from yiwang.apps.people.public import Party, Representation
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
__all__ = ["people"]
ITEM = "construction-permit"


def at_counter(
    people: dict[str, Any], at: datetime, clerk: Actor | None = None
) -> tuple[Draft, str, dict[str, Any]]:
    """A draft begun at the window, a material that nobody holds, and what the form takes."""
    clerk = clerk or people["clerk"]
    version = current_version(ITEM, today=civil_date(at))
    assert version is not None
    person = Party.objects.get(pk=people["citizen"].party_id)
    company = Representation.objects.get(person=person).organisation
    draft = desk.start_at_window(
        version=version, applicant=company, filer=person, form={}, actor=clerk, at=at
    )
    asked = version.definition.materials_for(answers_for(ITEM))
    code = next(m.code for m in asked if m.source != "FORM" and not m.licence_kind)
    return draft, code, {"form": answers_for(ITEM), "actor": clerk, "at": at}


@pytest.mark.row("R138")
def test_every_item_on_the_paperless_list_asks_for_no_paper_and_is_open_online() -> None:
    listed = {code for code, d in PACKAGES.items() if d.is_paperless}
    assert len(listed) >= 5
    for code in listed:
        definition = PACKAGES[code]
        assert definition.online
        assert {m.form.value for m in definition.materials} <= {"ELECTRONIC"}


@pytest.mark.row("R138")
def test_paper_is_not_kept_but_scanned_and_handed_back(
    at: datetime, people: dict[str, Any]
) -> None:
    draft, code, typed = at_counter(people, at)
    with pytest.raises(InvalidInputError) as kept:
        desk.take_in(draft_id=draft.pk, paper=[code], files={}, **typed)
    assert "当场扫描上传" in kept.value.fields[f"material-{code}"]
    with pytest.raises(InvalidInputError) as unscanned:
        desk.take_in(draft_id=draft.pk, paper=[], files={}, handed_back=[code], **typed)
    assert "请先扫描" in unscanned.value.fields[f"material-{code}"]
    scan = {code: ("扫描.pdf", PDF)}
    case = desk.take_in(draft_id=draft.pk, paper=[], files=scan, handed_back=[code], **typed)
    row = CaseMaterial.objects.get(case=case, code=code)
    assert (row.status, row.is_handed_back) == ("PROVIDED", True)
    assert not CaseMaterial.objects.filter(case=case, status="PAPER").exists()
    receipt = LegalDocument.objects.get(subject=case.subject, kind="RECEIPT")
    assert "当场扫描、原件已退还的材料" in str(receipt.content)
    assert RecordEntry.objects.get(subject=case.subject, seq=1).facts["handed_back"] == [code]


@pytest.mark.row("R138")
def test_nobody_is_sent_away_for_bringing_paper_and_none_is_taken_in_later(
    at: datetime, people: dict[str, Any]
) -> None:
    """Without a scan the case is received all the same; the gap is mended on the spot by a scan."""
    draft, code, typed = at_counter(people, at)
    case = desk.take_in(draft_id=draft.pk, paper=[], files={}, **typed)
    who = {"actor": people["clerk"], "at": at}
    with pytest.raises(InvalidInputError, match="修改"), transaction.atomic():
        receiving.receive_paper(case_id=case.pk, code=code, **who)
    desk.correct_material(
        case_id=case.pk,
        code=code,
        checks={},
        files={code: ("扫描.pdf", PDF)},
        handed_back=[code],
        **who,
    )
    row = CaseMaterial.objects.get(case=case, code=code)
    assert (row.status, row.is_handed_back) == ("PROVIDED", True)
    assert RecordEntry.objects.filter(subject=case.subject).latest("seq").facts["handed_back"]


@pytest.mark.row("R138")
def test_a_window_that_takes_it_in_for_another_keeps_no_paper_of_it_either(
    at: datetime, people: dict[str, Any]
) -> None:
    clerk = actor(TAKER, at)
    draft, code, typed = at_counter(people, at, clerk)
    case = desk.take_in(draft_id=draft.pk, paper=[], files={}, **typed)
    assert case.taken_in_hall_id is not None
    with pytest.raises(InvalidInputError) as kept, transaction.atomic():
        taking_in.complete_papers(case_id=case.pk, paper=[code], files={}, actor=clerk, at=at)
    assert "当场扫描上传" in kept.value.fields[f"material-{code}"]
    assert CaseMaterial.objects.get(case=case, code=code).status == "MISSING"


def test_what_was_handed_back_cannot_also_be_kept(at: datetime, people: dict[str, Any]) -> None:
    draft, code, typed = at_counter(people, at)
    case: Case = desk.take_in(draft_id=draft.pk, paper=[], files={}, **typed)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseMaterial.objects.filter(case=case, code=code).update(
            status="PAPER", is_handed_back=True
        )
