"""Showing the full data of a case's people to staff, each time with a reason they can read."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.queries import visible_case
from yiwang.apps.people.public import Party, unmask
from yiwang.foundation.access import Actor

WHAT = "办件中的完整信息"


@transaction.atomic
def disclose(*, case_id: int, reason: str, actor: Actor, at: datetime) -> Case:
    """Record a disclosure for the applicant and for whoever filed for them.

    The caller may show the data only after this returned. Raises CaseNotFoundError,
    AccessDeniedError, ValueError for a reason that is too short.
    """
    case = visible_case(case_id, actor=actor)
    people = [case.applicant]
    if case.filed_by_id is not None and case.filed_by_id != case.applicant_id:
        people.append(Party.objects.get(pk=case.filed_by_id))
    for party in people:
        unmask(party=party, what=WHAT, reason=reason, actor=actor, at=at, subject=case.subject)
    return case
