"""Authorisations for tests: proposed and confirmed as people do it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from yiwang.apps.people import authorising
from yiwang.apps.people.authority_models import Authorisation
from yiwang.apps.people.authority_terms import Terms
from yiwang.apps.people.domain.authority import MandateAct
from yiwang.apps.people.models import Account, Party
from yiwang.foundation.access import Actor
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date

ALL_ACTS = tuple(act.value for act in MandateAct)


def party(login: str) -> Party:
    found = Account.objects.select_related("party").get(login=login).party
    assert found is not None
    return found


def terms(agent: Party, *items: str, at: datetime, **more: Any) -> Terms:
    """The agent's own paper, these items (none: 全部事项), every act, from today for a month."""
    start: date = civil_date(at)
    values: dict[str, Any] = {
        "name": agent.name,
        "paper_kind": PaperKind(agent.paper_kind),
        "paper_number": agent.paper_number,
        "items": items,
        "is_for_all": not items,
        "acts": ALL_ACTS,
        "valid_from": start,
        "valid_until": start + timedelta(days=30),
    }
    return Terms(**{**values, **more})


def authorised(
    principal: int, agent: Party, *items: str, by: Actor, at: datetime, **more: Any
) -> Authorisation:
    """Proposed by `by` and confirmed with the code of the message."""
    row = authorising.propose(
        principal_id=principal, terms=terms(agent, *items, at=at, **more), actor=by, at=at
    )
    code = authorising.code_of(row)
    return authorising.confirm(authorisation_id=row.pk, code=code, actor=by, at=at)
