"""Yesterday's files: drawn once each working day, checked by another, answered by the organ."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.acting import actor, make_documents
from tests.integration.certifying import granted, people
from tests.pages.client import signed_in
from tests.ruling import forgetting, ruled

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import delivering
from yiwang.apps.oversight import sampled
from yiwang.apps.oversight.domain.sampling import POINTS, Candidate, draw
from yiwang.apps.oversight.errors import InvalidActError, NotNowError, SampleNotFoundError
from yiwang.apps.oversight.models import Sample, SampledCase
from yiwang.apps.oversight.operations import sampling
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

__all__ = ["forgetting", "people"]
pytestmark = pytest.mark.django_db
EVERY = [code for code, _ in POINTS]
MONDAY = date(2026, 3, 2)
BAD = {"is_problem": True, "points": [], "text": "文书没有写明救济途径。"}


@pytest.fixture
def cases(people: dict[str, Any], at: datetime) -> list[Case]:
    """Three food licences handed over on Monday."""
    clerk, found = actor("chen-window", at), []
    for _ in range(3):
        case = granted(people, at)
        make_documents(case, at)
        code = delivering.pickup_code_of(case)
        found.append(delivering.deliver_at_window(case_id=case.pk, code=code, actor=clerk, at=at))
    return found


@pytest.fixture
def drawn(cases: list[Case], at: datetime) -> SampledCase:
    assert sampling.draw_day(day=MONDAY + timedelta(days=1), at=at + timedelta(days=1)) == 1
    return SampledCase.objects.get()


@pytest.mark.row("R167")
def test_a_working_day_draws_once_from_the_day_before_and_anybody_can_draw_it_again(
    drawn: SampledCase, at: datetime
) -> None:
    sample = drawn.sample
    assert (sample.population, sample.size, sample.round) == (3, 1, 1)
    again = draw([Candidate(*one) for one in sample.pool], size=sample.size, seed=sample.seed)
    assert again == (drawn.case_id,)
    assert sampling.draw_day(day=MONDAY + timedelta(days=1), at=at) == 0
    entry = RecordEntry.objects.get(subject=sample.subject)
    assert entry.facts["seed"] == sample.seed
    assert verify_all(environment().roots).is_clean


def test_nothing_is_drawn_on_a_day_of_rest_and_monday_draws_the_whole_week_end(
    cases: list[Case], at: datetime
) -> None:
    assert sampling.draw_day(day=date(2026, 3, 7), at=at) == 0
    assert sampling.days_before(date(2026, 3, 9)) == (date(2026, 3, 6), date(2026, 3, 8))


def test_the_share_is_the_one_of_the_day(cases: list[Case], at: datetime, forgetting: None) -> None:
    ruled("oversight.sample_share", 500, valid_from=MONDAY)
    assert sampling.draw_day(day=MONDAY + timedelta(days=1), at=at) == 2


def check(drawn: SampledCase, at: datetime, login: str = "tang-supervise", **more: Any) -> Any:
    wanted = {"is_problem": False, "points": EVERY, "text": "", "due_on": None}
    with transaction.atomic():
        return sampling.check(sampled_id=drawn.pk, actor=actor(login, at), at=at, **(wanted | more))


def test_a_checker_goes_through_every_point_or_says_what_is_wrong(
    drawn: SampledCase, at: datetime
) -> None:
    with pytest.raises(InvalidActError) as caught:
        check(drawn, at, points=EVERY[:-1])
    assert set(caught.value.fields) == {"points"}
    with pytest.raises(InvalidActError) as caught:
        check(drawn, at, is_problem=True, text="短", due_on=MONDAY)
    assert set(caught.value.fields) == {"text", "due_on"}
    assert check(drawn, at).state == "CLEAN"
    with pytest.raises(NotNowError):
        check(drawn, at)


def test_nobody_checks_what_they_handled(drawn: SampledCase, at: datetime) -> None:
    with pytest.raises(SampleNotFoundError):
        check(drawn, at, login="zhao-review")
    who = actor("tang-supervise", at)
    append(subject=f"case:{drawn.case_id}", operation="cases.tick", actor=who.ref, at=at)
    with pytest.raises(NotNowError, match="没有办理过的人"):
        check(drawn, at)
    assert check(drawn, at, login="song-supervise").state == "CLEAN"


def test_a_problem_is_answered_by_the_organ_and_counted(drawn: SampledCase, at: datetime) -> None:
    check(drawn, at, due_on=MONDAY + timedelta(days=9), **BAD)
    told = {"sampled_id": drawn.pk, "text": "已补正文书并重新送达。", "at": at}
    with pytest.raises(SampleNotFoundError), transaction.atomic():
        sampling.answer(actor=actor("fan-liaison", at), **told)
    assert sampling.answer(actor=actor("luo-liaison", at), **told).state == "ANSWERED"
    found = sampled.figures(organs=[drawn.organ_id], first=MONDAY, last=MONDAY)
    assert (found.concluded, found.drawn, found.checked) == (3, 1, 1)
    assert (found.problems, found.answered) == (1, 1)


def test_a_sample_is_drawn_anew_only_with_a_reason_and_before_it_is_checked(
    drawn: SampledCase, at: datetime
) -> None:
    by = {"sample_id": drawn.sample_id, "actor": actor("tang-supervise", at), "at": at}
    with pytest.raises(InvalidActError), transaction.atomic():
        sampling.redraw(reason=" ", **by)
    again = sampling.redraw(reason="原抽中办件正在复议,材料已调走。", **by)
    assert (again.round, again.seed) != (1, drawn.sample.seed)
    drawn.refresh_from_db()
    assert drawn.state == "DROPPED"
    with pytest.raises(NotNowError), transaction.atomic():
        sampling.redraw(reason="再抽一次看看结果。", **by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sample.objects.filter(pk=again.pk).update(reason="")


def test_the_pages_show_the_draw_and_take_the_result(drawn: SampledCase, at: datetime) -> None:
    here = f"/samples/{drawn.pk}/"
    checker, organ = signed_in("tang-supervise"), signed_in("luo-liaison")
    with CaptureQueriesContext(connection) as captured:
        assert drawn.short_number in checker.get("/samples/").content.decode()
    assert len(captured) <= 8
    assert drawn.sample.seed in checker.get(here).content.decode()
    wrong = checker.post(f"{here}check/", {"result": "PROBLEM", "text": "短"})
    assert wrong.status_code == 422
    assert 'href="#id_due_on"' in wrong.content.decode()
    assert organ.get(f"{here}check/").status_code == 403
    due = (civil_date(now()) + timedelta(days=9)).isoformat()
    typed = {"result": "PROBLEM", "text": BAD["text"], "due_on": due}
    assert checker.post(f"{here}check/", typed).status_code == 303
    assert "答复整改" in organ.get(here).content.decode()
    done = organ.post(f"{here}answer/", {"text": "已补正文书并重新送达。"})
    assert done.status_code == 303
    assert "没有要抽查或答复的办件" in organ.get("/samples/").content.decode()
    assert "已答复整改" in organ.get("/samples/?all=1").content.decode()
    assert signed_in("fan-liaison").get(here).status_code == 404
    assert signed_in("chen-window").get("/samples/").status_code == 403
