"""Statements made once give what the ORM gives, and write what the ORM writes."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Field, Model
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, draft, received

from yiwang.apps.cases.models import Case, CaseContent, CaseMaterial, ClockRow, Draft, ReviewStep
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.statements import (
    AS_IT_IS,
    Statement,
    delete_where,
    insert,
    prepared,
    update_where,
)
from yiwang.foundation.timers.models import Timer

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"


class Colour(StrEnum):
    RED = "红"


def values_of(row: Model) -> dict[str, Any]:
    found = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    return {k: bytes(v) if isinstance(v, memoryview) else v for k, v in found.items()}


@pytest.fixture
def case(at: datetime) -> Case:
    return accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)


def test_rows_are_the_orms_with_their_joined_and_sealed_columns(case: Case) -> None:
    joined = Statement(
        lambda pk: Case.objects.select_related("organ", "applicant").filter(pk=pk), int
    )
    expected = Case.objects.select_related("organ", "applicant").get(pk=case.pk)
    with CaptureQueriesContext(connection) as captured:
        found = joined.first(case.pk)
        assert found is not None
        assert values_of(found) == values_of(expected)
        assert values_of(found.organ) == values_of(expected.organ)
        assert values_of(found.applicant) == values_of(expected.applicant)
    assert len(captured) == 1
    contents = Statement(lambda pk: CaseContent.objects.filter(case_id=pk).order_by("id"), int)
    assert [row.form for row in contents.rows(case.pk)] == [
        row.form for row in CaseContent.objects.filter(case=case).order_by("id")
    ]


def test_a_statement_keeps_no_argument_of_its_first_call(at: datetime, case: Case) -> None:
    other = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    entries = Statement(
        lambda subject: RecordEntry.objects.filter(subject=subject).order_by("seq"), str
    )
    for each in (case, other, case):
        found = entries.rows(each.subject)
        assert [row.pk for row in found] == list(
            RecordEntry.objects.filter(subject=each.subject)
            .order_by("seq")
            .values_list("pk", flat=True)
        )


def test_nothing_found_is_an_empty_list_and_an_absent_relation_is_none(case: Case) -> None:
    by_key = Statement(
        lambda key: Draft.objects.select_related("filed_by").filter(pk=key), uuid.UUID
    )
    assert by_key.rows(uuid.uuid4()) == []
    assert by_key.first(uuid.uuid4()) is None
    materials = Statement(
        lambda pk: CaseMaterial.objects.select_related("attachment__file").filter(case_id=pk), int
    )
    CaseMaterial.objects.filter(case=case).update(attachment=None)
    with CaptureQueriesContext(connection) as captured:
        assert all(row.attachment is None for row in materials.rows(case.pk))
    assert len(captured) == 1


def test_deferred_columns_are_read_when_asked_for(at: datetime) -> None:
    row = draft(FOOD, by=actor("lin-xiaoman", at), at=at)
    narrow = Statement(lambda key: Draft.objects.defer("form").filter(pk=key), uuid.UUID)
    found = narrow.first(row.pk)
    assert found is not None
    assert found.get_deferred_fields() == {"form"}
    assert found.form == row.form


def test_an_argument_without_a_place_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no place"):
        Statement(lambda pk: Case.objects.all(), int).rows(1)


def test_insert_gives_every_row_its_own_id_in_order(case: Case, at: datetime) -> None:
    rows = [
        ReviewStep(case=case, code=f"x{n}", name=f"环节{n}", job="review", queue="0:review",
                   state="OPEN", limit="1wd", opened_at=at)
        for n in range(3)
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as captured:
        insert(rows)
    assert len(captured) == 1
    for row in rows:
        assert values_of(ReviewStep.objects.get(pk=row.pk)) == values_of(row)
        row.opinion = "改"
        row.save()  # an update, not a second insert
    insert([])
    assert ReviewStep.objects.filter(code__startswith="x", opinion="改").count() == 3


def test_insert_meets_the_databases_constraints(case: Case) -> None:
    first = ReviewStep.objects.filter(case=case).first()
    assert first is not None
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([first])


def test_update_where_is_a_compare_and_swap(case: Case) -> None:
    assert not update_where(Case, {"pk": case.pk, "version": case.version + 1}, {"version": 99})
    assert update_where(
        Case,
        {"pk": case.pk, "version": case.version},
        {"version": case.version + 1, "instant_verdict": {"结论": ["一"]}, "ended_at": None},
    ) == 1  # fmt: skip
    found = Case.objects.get(pk=case.pk)
    assert (found.version, found.instant_verdict) == (case.version + 1, {"结论": ["一"]})


def test_delete_where_deletes_what_equals_and_no_more(case: Case, at: datetime) -> None:
    for kind in ("a", "b"):
        Timer.objects.create(subject="x:1", kind=kind, due_at=at)
    assert delete_where(Timer, {"subject": "x:1", "kind": "a"}) == 1
    assert list(Timer.objects.filter(subject="x:1").values_list("kind", flat=True)) == ["b"]
    with pytest.raises(IntegrityError), transaction.atomic():
        delete_where(Case, {"pk": case.pk})
        connection.check_constraints()
    assert ClockRow.objects.filter(case=case).exists()


AWARE = datetime(2026, 3, 2, 9, tzinfo=UTC)
VALUES = [None, "文字", "", True, 3, date(2026, 3, 2), AWARE, uuid.UUID(int=7), Colour.RED]


@pytest.mark.parametrize("kind", AS_IT_IS, ids=lambda kind: kind.__name__)
def test_what_is_given_as_it_is_is_what_the_field_would_give(kind: type[Field]) -> None:
    fields = {
        type(field).__name__ + str(field.null): field
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if type(field) is kind
    }
    tried = 0
    for field in fields.values():
        for value in [v for v in VALUES if type(v) in AS_IT_IS[kind]]:
            given, expected = prepared(field, value), field.get_db_prep_save(value, connection)
            assert (type(given), given) == (type(expected), expected)
            tried += 1
    assert tried > 1
    assert Colour not in AS_IT_IS[kind], "a member of an enumeration goes the field's own way"
