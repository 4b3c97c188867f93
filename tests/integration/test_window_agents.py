"""网上申报、线下代办: at a window somebody files for somebody else under an authorisation in force,
and not otherwise (R143)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.acting import actor, answers_for
from tests.authorising import authorised, party
from tests.integration.test_authorisations import tell_all
from tests.pages.client import signed_in

from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.models.helping import HelpRecord
from yiwang.apps.cases.operations import desk, drafts, ending, helping
from yiwang.apps.cases.operations.helped import Help
from yiwang.apps.cases.queries import visible_case
from yiwang.apps.catalog.public import current_version
from yiwang.apps.people import authorising
from yiwang.apps.people.models import Representation
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
ELDER, FOOD = "elder-card", "food-business-licence"
MOTHER, AGENT, CLERK = "he-guifang", "ouyang-yan", "he-window"


def give(at: datetime, *items: str, **more: Any) -> authorising.Authorisation:
    mother = actor(MOTHER, at)
    assert mother.party_id is not None
    return authorised(mother.party_id, party(AGENT), *items, by=mother, at=at, **more)


def begun(at: datetime, item: str = ELDER) -> Draft:
    version = current_version(item, today=civil_date(at))
    assert version is not None
    return desk.start_at_window(
        version=version,
        applicant=party(MOTHER),
        filer=party(AGENT),
        form={},
        actor=actor(CLERK, at),
        at=at,
    )


def taken_in(draft: Draft, at: datetime, *, is_helped: bool = False) -> Case:
    clerk = actor(CLERK, at)
    if is_helped:
        drafts.mark_special(
            draft_id=draft.pk, is_helped=True, helped="代理人到场,核对双方证件",
            green_channel="", green_reason="", actor=clerk, at=at,
        )  # fmt: skip
    with transaction.atomic():
        return desk.take_in(
            draft_id=draft.pk, form=answers_for(ELDER), paper=[], files={}, actor=clerk, at=at
        )


@pytest.mark.row("R143")
def test_without_an_authorisation_nobody_files_for_another_person(at: datetime) -> None:
    for item in ("", FOOD):  # none at all, then one for another item
        if item:
            give(at, item)
        with pytest.raises(InvalidInputError) as refused:
            taken_in(begun(at), at)
        assert "没有查到有效的授权委托" in refused.value.fields["filer"]


@pytest.mark.row("R143")
def test_a_written_power_of_attorney_is_named_by_the_clerk(at: datetime) -> None:
    case = taken_in(begun(at), at, is_helped=True)
    helped = HelpRecord.objects.get(case=case)
    assert (helped.kind, helped.authorisation_id) == ("AGENCY", None)
    assert helped.basis == "代理人到场,核对双方证件"
    assert case.filed_under is None


@pytest.mark.row("R143")
def test_the_window_fills_in_for_the_applicant_under_the_authorisation(
    at: datetime, tmp_path: Path
) -> None:
    row = give(at, ELDER)
    case = taken_in(begun(at), at, is_helped=True)
    assert case.filed_under == row.pk
    assert [use.subject for use in row.uses.all()] == [case.subject]
    entry = RecordEntry.objects.get(subject=case.subject, seq=1)
    assert entry.facts["authorisation"] == row.pk
    assert entry.facts["agent"] == party(AGENT).pk
    helped = HelpRecord.objects.get(case=case)
    assert (helped.kind, helped.authorisation_id) == ("AGENCY", row.pk)
    assert f"授权委托 {row.pk}" in helped.basis
    told = tell_all(at)
    assert any("窗口提交了申请" in m.body for m in told[party(MOTHER).pk])
    assert any(m.kind == "cases.progress" for m in told[party(MOTHER).pk])
    assert not any(m.kind == "cases.progress" for m in told.get(party(AGENT).pk, []))
    assert [f for f in verify_all(tmp_path).findings if f[0] == case.subject] == []


@pytest.mark.row("R143")
@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_an_authorisation_that_ended_meanwhile_is_asked_again_at_the_last_moment(
    at: datetime, how: str
) -> None:
    row = give(at, ELDER)
    draft, later = begun(at), at + timedelta(days=3)
    if how == "revoked":
        authorising.revoke(authorisation_id=row.pk, actor=actor(MOTHER, at), at=later)
    else:
        authorising.Authorisation.objects.filter(pk=row.pk).update(
            valid_until=later.date() - timedelta(days=1)
        )
    with pytest.raises(InvalidInputError) as ended:
        taken_in(draft, later)
    assert "没有查到有效的授权委托" in ended.value.fields["filer"]
    assert Draft.objects.filter(pk=draft.pk).exists()


@pytest.mark.row("R143")
def test_the_agent_has_what_the_authorisation_gives_and_only_while_it_holds(at: datetime) -> None:
    row = give(at, ELDER)
    case = taken_in(begun(at), at)
    agent = actor(AGENT, at)
    assert visible_case(case.pk, actor=agent).pk == case.pk
    with pytest.raises((AccessDeniedError, CaseNotFoundError)), transaction.atomic():
        ending.withdraw(case_id=case.pk, reason="不办了", actor=agent, at=at)
    authorising.revoke(authorisation_id=row.pk, actor=actor(MOTHER, at), at=at)
    with pytest.raises(CaseNotFoundError):
        visible_case(case.pk, actor=actor(AGENT, at))


@pytest.mark.row("R143")
def test_noted_agency_rests_on_the_authorisation_or_on_a_paper_that_is_named(at: datetime) -> None:
    row = give(at, ELDER)
    case = taken_in(begun(at), at)
    clerk = actor(CLERK, at)
    help = Help("AGENCY", "政务大厅", "代跑补正", "已提交", at.date())
    noted = helping.note_help(number=case.short_number, help=help, actor=clerk, at=at)
    assert noted.authorisation_id == row.pk
    authorising.revoke(authorisation_id=row.pk, actor=actor(MOTHER, at), at=at)
    with pytest.raises(InvalidInputError) as missing, transaction.atomic():
        helping.note_help(number=case.short_number, help=help, actor=clerk, at=at)
    assert "没有查到" in missing.value.fields["basis"]
    paper = Help("AGENCY", "政务大厅", "代跑", "已提交", at.date(), basis="授权委托书,2026-03-01")
    assert (
        helping.note_help(number=case.short_number, help=paper, actor=clerk, at=at).authorisation_id
        is None
    )


def test_whom_one_represents_is_not_bound_by_an_authorisation(at: datetime) -> None:
    version = current_version(FOOD, today=civil_date(at))
    assert version is not None
    one = Representation.objects.select_related("person", "organisation").order_by("id")[0]
    draft = desk.start_at_window(
        version=version,
        applicant=one.organisation,
        filer=one.person,
        form={},
        actor=actor(CLERK, at),
        at=at,
    )
    case = desk.take_in(
        draft_id=draft.pk,
        form=answers_for(FOOD),
        paper=[],
        files={},
        actor=actor(CLERK, at),
        at=at,
    )
    assert case.filed_under is None


def test_the_window_lists_for_whom_somebody_may_file_and_what(at: datetime) -> None:
    from yiwang.foundation.clockwork import now

    give(now(), ELDER)
    clerk, agent = signed_in(CLERK), party(AGENT)
    typed = {"paper_number": agent.paper_number, "paper_kind": agent.paper_kind, "name": agent.name}
    items = clerk.post("/window/", typed, follow=True).content.decode()
    label = party(MOTHER).label
    assert f"{label}(受委托,有效到" in items
    link = items.split(f"{label}(受委托")[0].rsplit('href="', 1)[1].split('"')[0]
    chosen = clerk.get(f"/window/items/{link.replace('&amp;', '&')}").content.decode()
    assert "授权委托没有包括这个事项" in chosen
    assert chosen.count("授权委托没有包括这个事项") < chosen.count('class="pick"')
