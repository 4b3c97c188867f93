"""授权委托: who may do what for whom, from when to when, and not a moment longer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.acting import actor, draft, make_documents, received
from tests.authorising import authorised, party, terms

from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.operations import drafts, ending, filing, receiving
from yiwang.apps.cases.operations.holdings import held_for
from yiwang.apps.cases.queries import own_cases, visible_case
from yiwang.apps.people import authorisations, authorising
from yiwang.apps.people.authority_models import AuthorisationUse
from yiwang.apps.people.authority_terms import AuthorityError, AuthorityNotFoundError
from yiwang.apps.people.domain.authority import (
    OFFERED,
    AuthorisationEnd,
    AuthorisationState,
    ConfirmationWay,
    MandateAct,
)
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import AccessDeniedError, Actor, Mandate
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.masking import mask_name

pytestmark = pytest.mark.django_db
ELDER, FOOD = "elder-card", "food-business-licence"
MOTHER, AGENT = "he-guifang", "ouyang-yan"


def give(at: datetime, *items: str, **more: object) -> authorising.Authorisation:
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    return authorised(mother.party_id, party(AGENT), *items, by=mother, at=at, **more)


def for_mother(at: datetime) -> Draft:
    return draft(ELDER, by=actor(AGENT, at), at=at, applicant=party(MOTHER))


def test_an_agent_files_and_the_principal_sees_and_hears_everything(at: datetime) -> None:
    row = give(at, ELDER)
    agent = actor(AGENT, at)
    case = filing.submit(draft_id=for_mother(at).pk, actor=agent, at=at)
    assert (case.applicant_id, case.filed_by_id) == (party(MOTHER).pk, party(AGENT).pk)
    assert visible_case(case.pk, actor=agent).pk == case.pk
    assert [c.pk for c in own_cases(actor=agent, parties=[party(AGENT).pk]).cases] == [case.pk]
    uses = list(row.uses.order_by("id").values_list("act", "subject"))
    assert [act for act, _ in uses] == ["APPLY", "APPLY"] and uses[1][1] == case.subject
    entry = RecordEntry.objects.get(subject=case.subject, operation="cases.submit")
    assert entry.facts["agent"] == party(AGENT).pk
    told = tell_all(at)
    assert any("提交了申请" in m.body for m in told[party(MOTHER).pk])
    own = [m for m in told[party(MOTHER).pk] if m.kind == "cases.progress"]
    assert own and any(m.kind == "cases.agent" for m in told[party(AGENT).pk])
    operations = RecordEntry.objects.filter(subject=row.subject).order_by("seq")
    assert [e.operation for e in operations] == [
        "people.propose_authorisation",
        "people.confirm_authorisation",
        "people.use_authorisation",
        "people.use_authorisation",
    ]


def tell_all(at: datetime) -> dict[int, list[Message]]:
    while drain(at=at):
        pass
    send_pending(at=at)
    found: dict[int, list[Message]] = {}
    for message in Message.objects.filter(status="SENT").order_by("id"):
        found.setdefault(message.recipient_id, []).append(message)
    return found


def test_the_receipt_names_the_agent_masked(at: datetime) -> None:
    from yiwang.foundation.documents.issuing import content_of
    from yiwang.foundation.documents.models import LegalDocument

    give(at, ELDER)
    case = filing.submit(draft_id=for_mother(at).pk, actor=actor(AGENT, at), at=at)
    content = content_of(LegalDocument.objects.get(subject=case.subject, kind="RECEIPT"))
    fields = {field.label: field.value for field in content.fields}
    assert fields["提交人"] == f"由代理人 {mask_name(party(AGENT).name)} 提交"


@pytest.mark.row("R149")
def test_revoking_is_immediate_and_the_draft_stays_with_the_principal(at: datetime) -> None:
    row = give(at, ELDER)
    agent = actor(AGENT, at)
    filed = filing.submit(draft_id=for_mother(at).pk, actor=agent, at=at)
    begun = for_mother(at)
    authorising.revoke(authorisation_id=row.pk, actor=actor(MOTHER, at), at=at)
    later = actor(AGENT, at)
    for lost in (agent, later):  # also an actor loaded before: the act asks once more
        with pytest.raises((CaseNotFoundError, AccessDeniedError)):
            filing.submit(draft_id=begun.pk, actor=lost, at=at)
    for use in (
        lambda: drafts.own_draft(begun.pk, actor=later),
        lambda: drafts.save_draft(draft_id=begun.pk, form={}, actor=later, at=at),
        lambda: visible_case(filed.pk, actor=later),
    ):
        with pytest.raises(CaseNotFoundError):
            use()
    assert own_cases(actor=later, parties=[party(AGENT).pk]).cases == []
    mother = actor(MOTHER, at)
    assert drafts.own_draft(begun.pk, actor=mother).applicant_id == mother.party_id
    case = filing.submit(draft_id=begun.pk, actor=mother, at=at)
    assert case.filed_by_id is None
    entry = RecordEntry.objects.get(subject=case.subject, operation="cases.submit")
    assert "agent" not in entry.facts


def test_messages_after_a_revocation_go_to_the_principal_alone(at: datetime) -> None:
    row = give(at, ELDER)
    case = filing.submit(draft_id=for_mother(at).pk, actor=actor(AGENT, at), at=at)
    tell_all(at)
    authorising.revoke(authorisation_id=row.pk, actor=actor(MOTHER, at), at=at)
    make_documents(case, at)
    receiving.request_correction(
        case_id=case.pk, items=[("照片", "不清楚")], actor=actor("he-window", at), at=at
    )
    told = tell_all(at)
    assert any(m.kind == "cases.correction" for m in told[party(MOTHER).pk])
    assert not any(
        m.subject == case.subject and m.kind != "cases.agent" for m in told[party(AGENT).pk]
    )
    assert sum(m.kind == "cases.agent" for m in told[party(AGENT).pk]) <= 2  # the receipt's


def test_acts_are_separate_and_others_are_the_principals_own(at: datetime) -> None:
    give(at, ELDER, acts=("APPLY",))
    agent = actor(AGENT, at)
    case = filing.submit(draft_id=for_mother(at).pk, actor=agent, at=at)
    receiving.request_correction(
        case_id=case.pk, items=[("照片", "不清楚")], actor=actor("he-window", at), at=at
    )
    with pytest.raises(AccessDeniedError):
        receiving.supply_correction(case_id=case.pk, form={}, actor=agent, at=at)
    with pytest.raises(AccessDeniedError):
        ending.withdraw(case_id=case.pk, reason="", actor=agent, at=at)
    give(at, ELDER, acts=("SUPPLY",))
    again = actor(AGENT, at)
    answer = {"files": {}, "form": dict(case.contents.get().form or {})}
    receiving.supply_correction(case_id=case.pk, actor=again, at=at, **answer)  # type: ignore[arg-type]
    assert AuthorisationUse.objects.filter(act="SUPPLY").count() == 1
    with pytest.raises(AccessDeniedError):
        ending.withdraw(case_id=case.pk, reason="", actor=again, at=at)


def test_an_agent_sees_what_was_filed_in_the_authorised_time_only(at: datetime) -> None:
    before = received(ELDER, by=actor(MOTHER, at), at=at)
    day = at + timedelta(days=2)
    give(day, ELDER)
    within = received(ELDER, by=actor(MOTHER, day), at=day)
    agent = actor(AGENT, day)
    assert visible_case(within.pk, actor=agent)
    with pytest.raises(CaseNotFoundError):
        visible_case(before.pk, actor=agent)
    listed = own_cases(actor=agent, parties=[party(AGENT).pk]).cases
    assert [case.pk for case in listed] == [within.pk]


def test_five_wrong_codes_end_it_and_the_count_stays(at: datetime) -> None:
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    row = authorising.propose(
        principal_id=mother.party_id, terms=terms(party(AGENT), ELDER, at=at), actor=mother, at=at
    )
    right = authorising.code_of(row)
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1):
        with pytest.raises(AuthorityError, match=f"还可以试 {left} 次"):
            authorising.confirm(authorisation_id=row.pk, code=wrong, actor=mother, at=at)
    with pytest.raises(AuthorityError, match="连续 5 次"):
        authorising.confirm(authorisation_id=row.pk, code=wrong, actor=mother, at=at)
    with pytest.raises(TransitionNotAllowedError):
        authorising.confirm(authorisation_id=row.pk, code=right, actor=mother, at=at)
    row.refresh_from_db()
    assert (row.state, row.end) == (AuthorisationState.EXPIRED, AuthorisationEnd.TRIES)
    assert actor(AGENT, at).mandates == ()


def test_a_code_lasts_thirty_minutes_and_only_for_who_asked(at: datetime) -> None:
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    row = authorising.propose(
        principal_id=mother.party_id, terms=terms(party(AGENT), ELDER, at=at), actor=mother, at=at
    )
    code = authorising.code_of(row)
    with pytest.raises(AuthorityNotFoundError):
        authorising.confirm(authorisation_id=row.pk, code=code, actor=actor(AGENT, at), at=at)
    late = at + timedelta(minutes=31)
    assert sweep(at=late) >= 1
    row.refresh_from_db()
    assert row.end == AuthorisationEnd.UNCONFIRMED
    with pytest.raises(TransitionNotAllowedError):
        authorising.confirm(authorisation_id=row.pk, code=code, actor=mother, at=late)


@pytest.mark.row("R149")
def test_it_ends_with_its_last_day_whether_or_not_the_clock_came_by(at: datetime) -> None:
    row = give(at, ELDER)
    last = at + timedelta(days=30)
    assert actor(AGENT, last).may_act_as(party(MOTHER).pk, ELDER, "APPLY")
    after = at + timedelta(days=31)
    assert actor(AGENT, after).mandates == ()
    assert authorisations.standing(row, at=after)[0] == "已到期"
    sweep(at=after)
    row.refresh_from_db()
    assert (row.state, row.end) == (AuthorisationState.EXPIRED, AuthorisationEnd.DATE)


def test_an_unknown_agent_a_wrong_name_and_a_right_one_are_answered_alike(at: datetime) -> None:
    """Same statements, same row but for what was typed: nobody learns who is registered."""
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    right = terms(party(AGENT), ELDER, at=at)
    unknown = terms(party(AGENT), ELDER, at=at, paper_number="11010519491231002X")
    misnamed = terms(party(AGENT), ELDER, at=at, name="欧阳某")
    seen = []
    for wanted in (right, unknown, misnamed):
        with CaptureQueriesContext(connection) as captured:
            row = authorising.propose(
                principal_id=mother.party_id, terms=wanted, actor=mother, at=at
            )
            done = authorising.confirm(
                authorisation_id=row.pk, code=authorising.code_of(row), actor=mother, at=at
            )
        whole = authorisations.whole_authorisation(row.pk, actor=mother, at=at)
        seen.append((len(captured), done.state, whole.is_principal, len(whole.uses)))
    assert len(set(seen)) == 1
    held = [m.authorisation_id for m in actor(AGENT, at).mandates]
    assert len(held) == 1  # only the one with the right name and number


def test_nothing_named_is_not_everything(at: datetime) -> None:
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    for more, field in (
        ({"items": (), "is_for_all": False}, "items"),
        ({"items": (ELDER,), "is_for_all": True}, "items"),
        ({"items": ("no-such-item",)}, "items"),
        ({"acts": ()}, "acts"),
        ({"acts": ("WITHDRAW",)}, "acts"),
        ({"valid_until": at.date() + timedelta(days=365)}, "valid_until"),
        ({"valid_from": at.date() - timedelta(days=1)}, "valid_from"),
        ({"paper_number": "1"}, "paper_number"),
        ({"paper_number": party(MOTHER).paper_number}, "paper_number"),
        ({"name": " "}, "name"),
    ):
        with pytest.raises(AuthorityError) as caught:
            authorising.propose(
                principal_id=mother.party_id,
                terms=terms(party(AGENT), ELDER, at=at, **more),
                actor=mother,
                at=at,
            )
        assert list(caught.value.fields) == [field]


def test_an_organisation_is_bound_by_its_legal_representative_alone(at: datetime) -> None:
    head, other = actor("zhou-haifeng", at), actor("chen-zhiyuan", at)
    (company,) = head.represents
    assert company in other.represents
    row = authorised(company, party(AGENT), by=head, at=at)
    assert row.is_for_all and actor(AGENT, at).may_act_as(company, "anything", "COLLECT")
    with pytest.raises(AccessDeniedError):
        authorised(company, party("shen-lan"), ELDER, by=other, at=at)
    with pytest.raises(AuthorityNotFoundError):
        authorising.revoke(authorisation_id=row.pk, actor=other, at=at)
    authorising.renounce(authorisation_id=row.pk, actor=actor(AGENT, at), at=at)
    assert actor(AGENT, at).mandates == ()


def test_an_agents_own_papers_are_not_the_principals(at: datetime) -> None:
    give(at, ELDER)
    row = for_mother(at)
    row.filed_by = party("wang-shouren")
    from yiwang.apps.catalog.public import definition_of

    held = held_for(row, definition_of(row.item_version_id), at).held
    assert all(found.holder_id == party(MOTHER).pk for found in held.values())


def test_the_actor_is_still_one_statement(at: datetime) -> None:
    give(at, ELDER)
    account = actor(AGENT, at).account_id
    assert account is not None
    with CaptureQueriesContext(connection) as captured:
        signed_in = load_actor(account, at=at)
    assert len(captured) == 1 and signed_in is not None and signed_in.actor.mandates


@pytest.mark.row("R149")
def test_a_face_is_never_the_only_way() -> None:
    others = [way for way in OFFERED if way is not ConfirmationWay.FACE]
    assert others and ConfirmationWay.FACE not in OFFERED


CODES = ("elder-card", "food-business-licence", "planning-permit")
ACTS = tuple(MandateAct)
MANDATE = st.tuples(
    st.integers(1, 3),  # principal
    st.one_of(st.none(), st.frozensets(st.sampled_from(CODES), max_size=3)),
    st.frozensets(st.sampled_from(ACTS), max_size=3),
    st.integers(0, 4),  # first day
    st.integers(0, 4),  # last day
)
CASE = st.tuples(
    st.integers(1, 4),  # applicant
    st.sampled_from(CODES),
    st.integers(0, 4),  # filed on
    st.sampled_from([None, 9, 8]),  # filed by: nobody else, the agent, another
)


@pytest.mark.row("R149")
@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.lists(MANDATE, max_size=4), CASE, st.one_of(st.none(), st.sampled_from(ACTS)))
def test_an_agent_can_do_exactly_what_the_mandates_say(
    mandates: list[tuple], filed: tuple, act: MandateAct | None
) -> None:
    from yiwang.apps.cases.seeing import is_within_mandate
    from yiwang.kernel.moment import start_of_day

    first = date(2026, 3, 2)

    def day(number: int) -> object:
        return first + timedelta(days=number)

    agent = Actor(
        ref="account:9",
        label="",
        party_id=9,
        mandates=tuple(
            Mandate(n, who, items, frozenset(a.value for a in acts), day(a), day(b))  # type: ignore[arg-type]
            for n, (who, items, acts, a, b) in enumerate(mandates)
        ),
    )
    who, code, on, by = filed
    case = Case(
        applicant_id=who,
        item_code=code,
        filed_by_id=by,
        channel="ONLINE",
        received_at=start_of_day(day(on)) + timedelta(hours=9),  # type: ignore[arg-type]
    )
    expected = False
    for principal, items, acts, start, end in mandates:
        if principal != who:
            continue
        if items is not None and code not in list(items):
            continue
        if act is not None and act not in list(acts):
            continue
        if by == 9 or on in range(start, end + 1):
            expected = True
    assert is_within_mandate(agent, case, act) is expected
    assert agent.acts_for(who) is False
