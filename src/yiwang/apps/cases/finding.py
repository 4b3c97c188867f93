"""Finding a person's cases by an exact name or paper number, within what the actor may see."""

from __future__ import annotations

from django.db.models import Q

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.seeing import may_read
from yiwang.apps.people.public import parties_named
from yiwang.foundation.access import Actor

MOST = 50


def cases_of_people(text: str, *, actor: Actor) -> list[Case]:
    """The newest cases of whoever has exactly this name or paper; two statements.

    As applicant or as the one who filed. Cases the actor may not see are left out silently.
    """
    parties = parties_named(text)
    if not parties:
        return []
    rows = (
        Case.objects.filter(Q(applicant_id__in=parties) | Q(filed_by_id__in=parties))
        .select_related("organ")
        .order_by("-id")[: 4 * MOST]
    )
    return [case for case in rows if may_read(actor, case)][:MOST]
