"""Every item of the demonstration can be carried out by its own people, from window to result."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.acting import accepted, actor, deciding, received, reviewed, tick_all
from tests.unit.catalog.demonstration import ELSEWHERE, OWN, PACKAGES

from yiwang.apps.cases.models import Case, CaseMaterial, SpecialProcedure
from yiwang.apps.cases.operations import forwarding, instant, originals, procedures
from yiwang.apps.cases.pages.standing import offers
from yiwang.apps.cases.queries import whole_case
from yiwang.apps.catalog.domain.vocabulary import Audience, ProcedureKind
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.people.models import Party, PostHolding, Representation
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument
from yiwang.kernel.clock import DayLine, explain

pytestmark = pytest.mark.django_db
CLERK = "he-window"


def holder(organ_id: int, role: str) -> Actor:
    """Who holds the first post of that role at the organ."""
    holding = (
        PostHolding.objects.filter(
            post__organ_id=organ_id, post__role_id=role, is_deputy=False
        ).order_by("id")
    ).first()
    assert holding is not None
    return actor(holding.account.login, now())


def applicant(code: str) -> Party:
    """林小满, or for what only organisations may do the company she represents."""
    person = Party.objects.get(account__login="lin-xiaoman")
    if Audience.NATURAL_PERSON in PACKAGES[code].audiences:
        return person
    return Representation.objects.get(person=person).organisation


@pytest.mark.parametrize("code", sorted(OWN))
def test_an_own_item_is_received_accepted_reviewed_and_decided(code: str) -> None:
    at, by, clerk = now(), actor("lin-xiaoman", now()), actor(CLERK, now())
    case = accepted(code, by=by, clerk=clerk, at=at, applicant=applicant(code))
    reviewed(case, reviewer=holder(case.organ_id, "reviewer"), at=at)
    see_originals(case, clerk, at)
    approver = holder(case.organ_id, "approver")
    later = finish_required(case, approver, at)
    done = deciding.grant(case_id=case.pk, opinion="符合条件。", actor=approver, at=later)
    assert done.state == "GRANTED"
    assert_only_its_own_law_is_cited(done, approver, clerk)


def assert_only_its_own_law_is_cited(case: Case, *readers: Actor) -> None:
    """行政许可法 binds permits alone: no paper, offer or day of another regime may cite it, and a
    receipt promises an acceptance by silence only where the item's law knows one."""
    definition = definition_of(case.item_version_id)
    papers = {d.kind: str(d.content) for d in LegalDocument.objects.filter(subject=case.subject)}
    is_by_silence = "即为受理" in papers["RECEIPT"] or "视为受理" in papers["RECEIPT"]
    assert is_by_silence == (definition.deemed_acceptance != "NEVER")
    if definition.regime == "PERMIT":
        return
    shown = [str(offers(whole_case(case.pk, actor=r), r)) for r in readers]
    clocks = [str(line.article) for line in days_of(case, readers[0])]
    for said in (*papers.values(), *shown, *clocks):
        assert "行政许可法" not in said


def days_of(case: Case, reader: Actor) -> tuple[DayLine, ...]:
    """The strip of the promised limit, over more than a week-end."""
    clock = whole_case(case.pk, actor=reader).clocks.promised
    assert clock is not None
    until = case.received_at.date() + timedelta(days=9)
    return explain(clock.reckoning, calendar(), clock.timeline.pauses, until=until)


def see_originals(case: Case, clerk: Actor, at: datetime) -> None:
    """先审后验: what is due is brought, and is as it was uploaded."""
    due = CaseMaterial.objects.filter(case=case, original="DUE").values_list("code", flat=True)
    if seen := {code: originals.Seen(True) for code in due}:
        originals.check_originals(case_id=case.pk, seen=seen, actor=clerk, at=at)


def finish_required(case: Case, actor: Actor, at: datetime) -> datetime:
    """Carry out what the item's law requires before the decision; returns the day after it."""
    rules = [rule for rule in PACKAGES[case.item.code].procedures if rule.is_required]
    later = at + timedelta(days=30)
    for rule in rules:
        procedures.start_procedure(
            case_id=case.pk,
            code=rule.code,
            told="依法告知有关内容。",
            days="5wd",
            actor=actor,
            at=at,
        )
        row = SpecialProcedure.objects.get(case=case, code=rule.code)
        if rule.kind is ProcedureKind.HEARING:
            procedures.schedule_hearing(
                case_id=case.pk,
                procedure_id=row.pk,
                held_on=(later - timedelta(days=1)).date(),
                place="政务服务大厅听证室",
                presiding=actor.ref,
                actor=actor,
                at=at,
            )
        procedures.end_procedure(
            case_id=case.pk, procedure_id=row.pk, outcome="没有异议。", actor=actor, at=later
        )
    return later if rules else at


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_an_item_of_another_system_is_received_and_handed_on(code: str) -> None:
    at, by, clerk = now(), actor("lin-xiaoman", now()), actor(CLERK, now())
    case = received(code, by=by, at=at, applicant=applicant(code))
    tick_all(case, clerk=clerk, at=at)
    done = forwarding.forward(case_id=case.pk, receipt="", opinion="", actor=clerk, at=at)
    assert done.state == "FORWARDED"


def test_the_longevity_allowance_of_an_elder_is_proposed_and_confirmed_by_one_person() -> None:
    at = now()
    elder, clerk = actor("fu-axiu", at), actor("chen-window", at)
    case = accepted("longevity-allowance", by=elder, clerk=clerk, at=at, hall="taolin-hall")
    assert case.instant_verdict is not None
    assert case.instant_verdict["outcome"] == "GRANT"
    person = holder(case.organ_id, "approver")
    assert instant.grant_at_once(case_id=case.pk, actor=person, at=at).state == "GRANTED"


def test_no_allowance_is_proposed_for_somebody_of_sixty_seven() -> None:
    at = now()
    by, clerk = actor("wang-shouren", at), actor("he-window", at)
    case = accepted("longevity-allowance", by=by, clerk=clerk, at=at)
    assert case.instant_verdict is not None
    assert case.instant_verdict["outcome"] != "GRANT"
