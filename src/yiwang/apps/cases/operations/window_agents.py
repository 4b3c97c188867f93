"""网上申报、线下代办: somebody files at a window for somebody else, by a right in force today.

Who represents the applicant, or is their guardian, needs nothing more. Anybody else acts under an
authorisation that is in force for this item: it is locked, noted as used and told to the principal.
Without one a written power of attorney (民法典 §165) is named by the clerk: nobody who
is ill at home is sent away for not having an account. An organisation may send somebody either way.
"""

from __future__ import annotations

from datetime import datetime

from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Draft
from yiwang.apps.people.public import (
    Authorisation,
    MandateAct,
    note_use_at_window,
    stands_today,
)
from yiwang.foundation.access import Actor

NO_RIGHT = (
    "没有查到有效的授权委托:没有委托过、没有包括这个事项、已到期或已撤销。请申请人在网上"
    "「授权委托」里委托,或双方到窗口登记委托;带了书面授权委托书的,请在「帮办代办」里写明;"
    "申请人本人来办的,请重新读取本人证件。"
)
SHORTEST = 4


def use_authorisation(
    draft: Draft, serial: int, actor: Actor, at: datetime
) -> Authorisation | None:
    """The authorisation under which the filer hands in, noted as used; None where another right or
    the applicant's own presence is enough. Raises InvalidInputError."""
    filer = draft.filed_by_id
    if filer is None or filer == draft.applicant_id:
        return None
    if stands_today(filer, draft.applicant_id, at=at):
        return None
    row = note_use_at_window(
        agent_id=filer,
        principal_id=draft.applicant_id,
        item_code=draft.item_code,
        act=MandateAct.APPLY,
        what=f"在{draft.hall.name}窗口提交了申请:{draft.item_name}",
        subject=f"case:{serial}",
        actor=actor,
        at=at,
    )
    has_paper = draft.is_helped and len(draft.helped) >= SHORTEST
    if row is None and draft.applicant.is_natural and not has_paper:
        raise InvalidInputError({"filer": NO_RIGHT})
    return row


def basis_of(row: Authorisation) -> str:
    """The authorisation as a help record names it."""
    return f"授权委托 {row.pk},{row.agent_label},有效到 {row.valid_until}"
