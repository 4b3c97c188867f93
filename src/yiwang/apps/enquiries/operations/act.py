"""What every act on an enquiry has in common: may it be done, by whom, and its one transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.apps.enquiries.domain.limits import limit_code
from yiwang.apps.enquiries.domain.states import MACHINE, EnquiryKind, EnquiryState
from yiwang.apps.enquiries.errors import EnquiryNotFoundError, InvalidActError, NotNowError
from yiwang.apps.enquiries.events import EnquiryChanged
from yiwang.apps.enquiries.models import Enquiry, EnquiryEntry
from yiwang.apps.enquiries.seeing import may_act_for_organ, may_see
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.parameters.current import parameter
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.statements import insert, update_where
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.chain import Head
from yiwang.kernel.clock import deadline
from yiwang.kernel.moment import BEIJING, civil_date, end_of_day

DUE = "enquiries.due"
NEVER = datetime(9999, 12, 31, tzinfo=BEIJING)
SHORTEST, LONGEST = 4, 2000
NOT_YOU = "您办理过这个办件,要回避对它的投诉,请由另一位工作人员处理。"


@dataclass
class EnquiryAct:
    """One act in the making."""

    enquiry: Enquiry
    actor: Actor
    at: datetime
    action: str
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def run_clock(self, kind: EnquiryKind, state: EnquiryState) -> None:
        """The limit of the state it goes to, or none."""
        code, due_on = limit_code(kind, state), None
        if code is not None:
            limit = parameter(code, on=civil_date(self.at)).limit
            due_on = deadline(self.at, limit, calendar()).due_on
        self.changes |= {
            "due_on": due_on,
            "sort_due_at": end_of_day(due_on) if due_on else NEVER,
            "urged_at": None,
        }
        self.facts["due_on"] = str(due_on) if due_on else None

    def commit(self, text: str = "", by_label: str = "") -> Enquiry:
        """Write it. Raises NotNowError where somebody else was quicker."""
        row = self.enquiry
        seen = row.version
        self.facts["enquiry_state"] = self.changes.get("state", row.state)
        entry, head = build(
            subject=row.subject,
            head=Head(seen, bytes(row.record_hash)) if seen else START,
            operation=f"enquiries.{self.action}",
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
        )
        self.changes |= {"version": head.seq, "record_hash": head.hash}
        if not update_where(Enquiry, {"pk": row.pk, "version": seen}, self.changes):
            raise NotNowError("这一条刚刚由别人办理过,请刷新后再看。")
        insert([entry])
        for name, value in self.changes.items():
            setattr(row, name, value)
        if text:
            self._say(text, by_label)
        if "sort_due_at" in self.changes:
            due = row.sort_due_at if row.sort_due_at < NEVER else None
            set_timers(row.subject, {DUE: due})
        publish([EnquiryChanged(row.pk, row.state)], at=self.at)
        return row

    def _say(self, text: str, by_label: str) -> None:
        EnquiryEntry.objects.create(
            enquiry=self.enquiry,
            act=self.action,
            round=self.enquiry.round,
            text=text,
            by=self.actor.ref,
            by_label=by_label or self.actor.label,
            at=self.at,
        )


def begin(*, enquiry_id: int, action: str, actor: Actor, at: datetime) -> EnquiryAct:
    """Lock it and ask: does it exist for this person, is it theirs to do, and now?

    Raises EnquiryNotFoundError, NotNowError, TransitionNotAllowedError.
    """
    row = (
        Enquiry.objects.select_for_update(of=("self",))
        .select_related("organ", "party")
        .filter(pk=enquiry_id)
        .first()
    )
    if row is None or not may_see(actor, row):
        raise EnquiryNotFoundError
    transition = MACHINE.require(row.state, action)
    if transition.permission == "asker":
        if row.party_id is None or not actor.acts_for(row.party_id):
            raise EnquiryNotFoundError
    elif not may_act_for_organ(actor, row, transition.permission):
        raise NotNowError("这一步由本单位负责答复咨询、处理投诉的人员办理。")
    if "impartial" in transition.guards and actor.ref in row.excluded:
        raise NotNowError(NOT_YOU)
    act = EnquiryAct(row, actor, at, action)
    act.changes["state"] = transition.target
    return act


def checked(text: str, name: str = "text") -> str:
    """What was typed, trimmed. Raises InvalidActError."""
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST or "\0" in text:
        raise InvalidActError({name: f"请写清楚,{SHORTEST} 到 {LONGEST} 个字。"})
    return text
