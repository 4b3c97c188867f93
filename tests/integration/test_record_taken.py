"""Two people write to one chain at the same moment: one is told, and nothing of theirs stays."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.test import RequestFactory

from yiwang.foundation.access import Actor
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.record.writing import RecordTakenError, append, append_all, head_of
from yiwang.site.api import api
from yiwang.site.middleware import PlainErrors

SUBJECT = "parameter:taken"


@pytest.mark.django_db
def test_of_two_writers_who_saw_the_same_end_one_is_told_and_leaves_nothing(at: datetime) -> None:
    head = head_of(SUBJECT)
    append(subject=SUBJECT, head=head, operation="test.first", actor="a", at=at)
    with pytest.raises(RecordTakenError, match="请刷新"), transaction.atomic():
        append(subject=SUBJECT, head=head, operation="test.second", actor="b", at=at)
    rows = RecordEntry.objects.filter(subject=SUBJECT).values_list("operation", flat=True)
    assert list(rows) == ["test.first"]


@pytest.mark.django_db
def test_an_act_on_many_subjects_is_told_too(at: datetime) -> None:
    with transaction.atomic():
        append_all(operation="test.many", actor="a", at=at, facts={"x:1": {}, "x:2": {}})
        append_all(operation="test.many", actor="a", at=at, facts={"x:1": {}, "x:2": {}})
    assert head_of("x:2").seq == 2


def test_pages_and_api_say_it_instead_of_failing() -> None:
    request = RequestFactory().get("/admin/parameters/")
    request.actor = Actor(ref="account:1", label="")  # type: ignore[attr-defined]
    page = PlainErrors(lambda _: None).process_exception(request, RecordTakenError())  # type: ignore[arg-type,return-value]
    assert page is not None
    assert (page.status_code, "请刷新" in page.content.decode()) == (409, True)
    problem = api.on_exception(request, RecordTakenError())
    assert problem.status_code == 409
