"""Guardians and children, and a legal representative who changes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.acting import PDF, actor, draft, received
from tests.authorising import authorised, party

from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.operations import drafts, filing
from yiwang.apps.cases.queries import visible_case
from yiwang.apps.people import authorising, guarding, representing
from yiwang.apps.people.authority_models import Authorisation, Guardianship
from yiwang.apps.people.authority_terms import AuthorityError, AuthorityNotFoundError
from yiwang.apps.people.domain.authority import (
    AUTHORISATION,
    GuardianshipState,
    comes_of_age_on,
)
from yiwang.apps.people.domain.vocabulary import PartyKind
from yiwang.apps.people.models import Party, Representation
from yiwang.apps.people.operations import register_party
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.identifiers.resident_id import check_character
from yiwang.site.pages.record_words import OPERATIONS

pytestmark = pytest.mark.django_db
PARENT, FILE = "ye-ying", ("出生医学证明.pdf", PDF)


def child_born(day: str, at: datetime) -> Party:
    body = f"590102{day}041"
    return register_party(
        kind=PartyKind.NATURAL_PERSON,
        name="叶小鹿",
        paper_kind=PaperKind.RESIDENT_ID,
        paper_number=body + check_character(body),
        actor=actor("chen-window", at),
        at=at,
    )


def registered(at: datetime, born: str = "20180917") -> Guardianship:
    return guarding.register_guardian(
        child=child_born(born, at),
        guardian=party(PARENT),
        relation="父母",
        evidence="出生医学证明 A990000001",
        file=FILE,
        actor=actor("chen-window", at),
        at=at,
    )


def test_two_people_register_a_guardian_and_the_child_is_applied_for(at: datetime) -> None:
    row = registered(at)
    assert row.child_id not in actor(PARENT, at).represents
    clerk = actor("chen-window", at)
    with pytest.raises(AuthorityError, match="两个人"):
        guarding.decide_guardian(guardianship_id=row.pk, approved=True, note="", actor=clerk, at=at)
    with pytest.raises(AccessDeniedError):
        guarding.decide_guardian(
            guardianship_id=row.pk, approved=True, note="", actor=actor(PARENT, at), at=at
        )
    second = actor("he-window", at)
    guarding.decide_guardian(guardianship_id=row.pk, approved=True, note="", actor=second, at=at)
    parent = actor(PARENT, at)
    assert row.child_id in parent.represents
    begun = draft("elder-card", by=parent, at=at, applicant=row.child)
    case = filing.submit(draft_id=begun.pk, actor=parent, at=at)
    assert (case.applicant_id, case.filed_by_id) == (row.child_id, parent.party_id)
    assert "agent" not in RecordEntry.objects.get(subject=case.subject).facts
    while drain(at=at):
        pass
    assert Message.objects.filter(recipient_id=parent.party_id or 0, subject=row.subject).exists()
    told = Message.objects.filter(subject=case.subject, kind="cases.progress")
    assert set(told.values_list("recipient_id", flat=True)) == {parent.party_id}


def test_it_ends_on_the_eighteenth_birthday(at: datetime) -> None:
    row = registered(at, "20080305")
    second = actor("he-window", at)
    guarding.decide_guardian(guardianship_id=row.pk, approved=True, note="", actor=second, at=at)
    last, birthday = at + timedelta(days=2), at + timedelta(days=3)
    assert row.child_id in actor(PARENT, last).represents
    assert row.child_id not in actor(PARENT, birthday).represents
    sweep(at=birthday)
    row.refresh_from_db()
    assert row.state == GuardianshipState.ENDED


def test_who_is_grown_up_needs_no_guardian_and_a_leap_day_has_its_birthday(at: datetime) -> None:
    with pytest.raises(AuthorityError) as caught:
        registered(at, "20080302")
    assert "child_paper_number" in caught.value.fields
    assert comes_of_age_on(date(2008, 2, 29)).isoformat() == "2026-03-01"


def test_a_guardian_who_is_declined_or_ended_acts_for_nobody(at: datetime) -> None:
    row, second = registered(at), actor("he-window", at)
    with pytest.raises(AuthorityError, match="原因"):
        guarding.decide_guardian(
            guardianship_id=row.pk, approved=False, note="", actor=second, at=at
        )
    guarding.decide_guardian(
        guardianship_id=row.pk, approved=False, note="材料不清楚", actor=second, at=at
    )
    assert row.child_id not in actor(PARENT, at).represents
    again = registered(at)
    with pytest.raises(AuthorityError, match="登记过"):
        registered(at)
    guarding.decide_guardian(guardianship_id=again.pk, approved=True, note="", actor=second, at=at)
    guarding.end_guardian(guardianship_id=again.pk, reason="法院另行指定", actor=second, at=at)
    assert row.child_id not in actor(PARENT, at).represents


def test_a_new_legal_representative_takes_over_at_once(at: datetime) -> None:
    head = actor("zhou-haifeng", at)
    (company,) = head.represents
    organisation = Party.objects.get(pk=company)
    given = authorised(company, party("ouyang-yan"), "elder-card", by=head, at=at)
    begun = draft("medical-device-licence", by=head, at=at, applicant=organisation)
    filed = received("medical-device-licence", by=head, at=at, applicant=organisation)
    later = at + timedelta(hours=1)
    representing.change_representative(
        organisation=organisation,
        person=party("shen-lan"),
        evidence="营业执照(2026-03-02 变更)",
        file=FILE,
        actor=actor("chen-window", later),
        at=later,
    )
    old, new = actor("zhou-haifeng", later), actor("shen-lan", later)
    assert company not in old.represents and company in new.represents
    with pytest.raises(CaseNotFoundError):
        visible_case(filed.pk, actor=old)
    with pytest.raises(CaseNotFoundError):
        drafts.own_draft(begun.pk, actor=old)
    assert visible_case(filed.pk, actor=new).state == "RECEIVED"
    assert drafts.own_draft(begun.pk, actor=new)
    assert actor("ouyang-yan", later).may_act_as(company, "elder-card", "APPLY")
    row = Authorisation.objects.get(pk=given.pk)
    assert row.review_since == later
    with pytest.raises(AuthorityNotFoundError):
        authorising.keep(authorisation_id=row.pk, actor=old, at=later)
    authorising.keep(authorisation_id=row.pk, actor=new, at=later)
    assert Authorisation.objects.get(pk=row.pk).review_since is None
    authorising.revoke(authorisation_id=row.pk, actor=new, at=later)
    assert not actor("ouyang-yan", later).may_act_as(company, "elder-card", "APPLY")
    heads = Representation.objects.filter(organisation_id=company, is_legal_representative=True)
    assert [r.person_id for r in heads] == [party("shen-lan").pk]
    while drain(at=later):
        pass
    told = Message.objects.filter(kind="people.relation").values_list("recipient_id", flat=True)
    assert {party("shen-lan").pk, party("zhou-haifeng").pk} <= set(told)


def test_a_window_confirms_with_both_papers_and_the_signed_one(at: datetime) -> None:
    from tests.authorising import terms

    clerk = actor("chen-window", at)
    agent = party("ouyang-yan")
    wanted = terms(agent, "elder-card", at=at)
    common: dict[str, Any] = {"principal": party("he-guifang"), "agent": agent, "terms": wanted}
    with pytest.raises(AuthorityError) as caught:
        authorising.authorise_at_window(
            **common,
            seen=["agent"],
            file=None,
            actor=clerk,
            at=at,
        )
    assert set(caught.value.fields) == {"seen", "file"}
    with pytest.raises(AccessDeniedError):
        authorising.authorise_at_window(
            **common,
            seen=["agent", "principal"],
            file=FILE,
            actor=actor("zhao-review", at),
            at=at,
        )
    row = authorising.authorise_at_window(
        **common,
        seen=["agent", "principal"],
        file=FILE,
        actor=clerk,
        at=at,
    )
    assert row.paper is not None and "窗口" in row.confirmed_label
    assert actor("ouyang-yan", at).may_act_as(party("he-guifang").pk, "elder-card", "APPLY")


def test_every_act_on_an_authorisation_has_its_word() -> None:
    written = {f"people.{t.action}_authorisation" for t in AUTHORISATION.transitions}
    more = {"people.propose_authorisation", "people.review_authorisation"}
    guardians = {f"people.{verb}_guardian" for verb in ("register", "decide", "end")}
    assert written | more | guardians <= set(OPERATIONS)
