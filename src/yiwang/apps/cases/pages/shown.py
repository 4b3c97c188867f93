"""Which acts the case screen shows, in the order of a case's life; permissions decide for whom."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.machine import CaseAction, CaseState
from yiwang.apps.cases.queries import WholeCase
from yiwang.foundation.access import Permission

BRANCHES: tuple[tuple[CaseAction, Permission], ...] = (
    (CaseAction.ORDER_ACCEPTANCE, permissions.DECIDE),
    (CaseAction.ACCEPT_WITH_GAPS, permissions.ACCEPT),
    (CaseAction.FORWARD, permissions.ACCEPT),
    (CaseAction.FORWARD, permissions.DECIDE),
    (CaseAction.REPORT_BACK, permissions.ACCEPT),
    (CaseAction.END_ELSEWHERE, permissions.ACCEPT),
    (CaseAction.START_PROCEDURE, permissions.PAUSE),
    (CaseAction.ADVANCE_PROCEDURE, permissions.PAUSE),
    (CaseAction.END_PROCEDURE, permissions.PAUSE),
    (CaseAction.PASS_ON, permissions.REVIEW),
    (CaseAction.RETURN_STEP, permissions.DECIDE),
    (CaseAction.TERMINATE, permissions.DECIDE),
    (CaseAction.VOID, permissions.DECIDE),
    (CaseAction.SEND_BY_POST, permissions.DELIVER),
)
SHOWN: tuple[tuple[CaseAction, Permission], ...] = (
    (CaseAction.ACCEPT, permissions.ACCEPT),
    (CaseAction.REQUEST_CORRECTION, permissions.ACCEPT),
    (CaseAction.CORRECT_ON_SPOT, permissions.ACCEPT),
    (CaseAction.REFER, permissions.ACCEPT),
    (CaseAction.SUPPLY_CORRECTION, permissions.RECEIVE),
    (CaseAction.NOT_REQUIRED, permissions.DECIDE),
    (CaseAction.DECLINE, permissions.DECIDE),
    (CaseAction.GIVE_OPINION, permissions.REVIEW),
    (CaseAction.CHECK_ORIGINALS, permissions.ACCEPT),
    (CaseAction.GRANT, permissions.DECIDE),
    (CaseAction.REFUSE, permissions.DECIDE),
    (CaseAction.PAUSE, permissions.PAUSE),
    (CaseAction.RESUME, permissions.PAUSE),
    (CaseAction.EXTEND, permissions.EXTEND),
    (CaseAction.DELIVER, permissions.DELIVER),
    *BRANCHES,
)


# Acts that only make sense for some items are not even refused on the others.
ONLY_WHERE: dict[CaseAction, Callable[[WholeCase], bool]] = {
    CaseAction.ORDER_ACCEPTANCE: lambda whole: whole.case.is_referred,
    CaseAction.ACCEPT_WITH_GAPS: lambda whole: whole.definition.deferral is not None,
    CaseAction.FORWARD: lambda whole: (
        not whole.definition.handling.is_own or bool(whole.definition.upper_organ)
    ),
    CaseAction.REPORT_BACK: lambda whole: whole.case.state == CaseState.FORWARDED,
    CaseAction.END_ELSEWHERE: lambda whole: whole.case.state == CaseState.FORWARDED,
    CaseAction.START_PROCEDURE: lambda whole: bool(whole.definition.procedures),
    CaseAction.ADVANCE_PROCEDURE: lambda whole: bool(whole.procedures),
    CaseAction.END_PROCEDURE: lambda whole: bool(whole.procedures),
    CaseAction.CHECK_ORIGINALS: lambda whole: any(row.original for row in whole.materials),
    CaseAction.SEND_BY_POST: lambda whole: "POST" in whole.definition.result.delivery,
}
