"""What an agent does on a case: noted in the record, and with the authorisation it rests on."""

from __future__ import annotations

from yiwang.apps.cases.operations.act import Act
from yiwang.apps.cases.permissions import RECEIVE
from yiwang.apps.cases.seeing import may_at_window, stands_for, took_in
from yiwang.apps.people.public import MandateAct, note_use


def by_agent(act: Act, may: MandateAct, what: str) -> None:
    """Note it where the actor is the applicant's agent; nothing for anybody else.

    Raises AccessDeniedError where the authorisation was taken back a moment ago.
    """
    actor, case = act.actor, act.case
    if actor.is_system or stands_for(actor, case) or may_at_window(actor, RECEIVE, case):
        return
    if took_in(actor, case):
        return
    note_use(
        principal_id=case.applicant_id,
        item_code=case.item_code,
        act=may,
        what=f"{what}:{case.item_name}(编号 {case.short_number})",
        subject=case.subject,
        actor=actor,
        at=act.at,
    )
    act.facts["agent"] = actor.party_id
