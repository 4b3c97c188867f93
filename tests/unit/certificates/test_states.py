"""The table of a certificate's states, and when a revocation may be decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.apps.certificates.domain.grounds import (
    CANCELLATION,
    DROPPING,
    REVOCATION,
    Hearing,
    ground_of,
    may_drop,
    why_not_decide,
)
from yiwang.apps.certificates.domain.states import MACHINE, CertificateStatus

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_grounds_are_those_of_the_law() -> None:
    assert len([g for g in REVOCATION if "第一款" in g.article]) == 5
    assert [g.code for g in REVOCATION if g.is_mandatory] == ["FRAUD"]
    assert [g.article[-4:-1] for g in CANCELLATION] == [
        "(一)",
        "(二)",
        "(三)",
        "(四)",
        "(五)",
        "(六)",
    ]


@given(st.lists(st.sampled_from([t.action for t in MACHINE.transitions]), max_size=30))
def test_whatever_happens_what_is_undone_is_never_in_force_again(actions: list[str]) -> None:
    state, undone = MACHINE.initial, False
    for action in actions:
        found = MACHINE.find(state, action)
        if found is None:
            continue
        state = found.lands_on(state)
        undone = undone or state in ("REVOKED", "CANCELLED", "WITHDRAWN", "EXPIRED")
        assert not (undone and state in ("VALID", "DEEMED", "LOST"))


def test_every_state_has_its_word() -> None:
    assert {s.value: s.label for s in CertificateStatus} == dict(MACHINE.states)


@given(
    notified_by=st.sampled_from(["account:1", "account:2"]),
    actor=st.sampled_from(["account:1", "account:2"]),
    waived=st.booleans(),
    asked=st.booleans(),
    held=st.booleans(),
    minutes=st.integers(-10_000, 10_000),
)
def test_a_decision_needs_another_person_and_the_holder_heard(
    notified_by: str, actor: str, waived: bool, asked: bool, held: bool, minutes: int
) -> None:
    due = BEGIN + timedelta(days=7)
    at = due + timedelta(minutes=minutes)
    why = why_not_decide(Hearing(notified_by, due, waived, asked, held), actor=actor, at=at)
    if not why:
        assert actor != notified_by
        assert held or not asked
        assert waived or held or at >= due


def test_without_a_notice_nothing_is_decided() -> None:
    facts = Hearing("", None, True, False, False)
    assert why_not_decide(facts, actor="account:2", at=BEGIN)


@pytest.mark.parametrize("dropping", DROPPING, ids=lambda g: g.code)
def test_only_discretion_is_closed_where_the_law_says_must(dropping: object) -> None:
    fraud, other = ground_of(REVOCATION, "FRAUD"), ground_of(REVOCATION, "OTHER")
    assert fraud is not None
    assert other is not None
    assert may_drop(other, dropping)  # type: ignore[arg-type]
    assert may_drop(fraud, dropping) == (dropping.code != "MENDED")  # type: ignore[attr-defined]
