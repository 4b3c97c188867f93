"""代收: beginning at a window that does not have the item, and what becomes of it at the receipt.

Never a refusal (R018): whoever comes to a window is taken in; the papers travel, not the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.taking_in import (
    HAND_OVER_WITHIN,
    MACHINE,
    TakeInAction,
    TakeInState,
    right_places,
)
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Case, CaseMaterial, Draft, TakeIn
from yiwang.apps.catalog.public import Definition
from yiwang.apps.people.public import ResidentHall, residency
from yiwang.foundation.access import AccessDeniedError, Actor, Posting
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.content import Field
from yiwang.foundation.parameters.current import parameter
from yiwang.kernel.clock import Limit, Unit
from yiwang.kernel.clock.reckoning import deadline
from yiwang.kernel.moment import chinese_date, civil_date

STILL_ON_THE_WAY = (
    "上一批纸质材料还在移交途中,签收以后才能再收纸质件;扫描件现在就可以收,对方马上看得到。"
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an item that is begun at a counter goes: the hall of the case, and the window that
    takes it in for that hall (None: the window has the item itself)."""

    hall_id: int
    taking_window_id: int | None = None


def window_posting(actor: Actor) -> Posting | None:
    """The window this actor sits at."""
    return next(
        (
            posting
            for posting in actor.postings
            if permissions.RECEIVE.code in posting.permissions and posting.window_id is not None
        ),
        None,
    )


def right_halls(resident: list[ResidentHall], posting: Posting) -> list[ResidentHall]:
    """The halls that come into question for what is taken in at this window."""
    return right_places(
        resident,
        own=posting.hall_id or 0,
        own_area=posting.area_code,
        key=lambda hall: hall.hall_id,
        area=lambda hall: hall.area_code,
    )


def destination(definition: Definition, *, hand_to: str, actor: Actor) -> Destination:
    """Where the item goes; `hand_to` is the slug of the hall the clerk chose, or "".

    Where no hall has the item at all, the organ itself receives it and the case stays with the
    taking hall, where the applicant came and will collect. Raises InvalidInputError where several
    halls come into question and none was chosen.
    """
    for posting in actor.postings:
        if (
            permissions.RECEIVE.code in posting.permissions
            and posting.hall_id is not None
            and definition.code in posting.package
        ):
            return Destination(posting.hall_id)
    own = window_posting(actor)
    if own is None or own.hall_id is None:
        raise AccessDeniedError("您的岗位不在窗口,不能收件。请由窗口人员收件或代收。")
    halls = right_halls(residency([definition.code]).get(definition.code, []), own)
    if not halls:
        return Destination(own.hall_id, own.window_id)
    chosen = [hall for hall in halls if hall.slug == hand_to] if hand_to else halls
    if len(chosen) != 1:
        names = "、".join(hall.name for hall in halls)
        raise InvalidInputError({"hand_to": f"请选择由哪个大厅办理「{definition.name}」:{names}。"})
    return Destination(chosen[0].hall_id, own.window_id)


def handled_by(draft: Draft, definition: Definition) -> str:
    """Who will handle what this draft takes in, as the clerk and the applicant are told."""
    halls = residency([definition.code], hall_id=draft.hall_id).get(definition.code)
    if not halls:
        return str(draft.item_version.item.organ.name)
    is_here = draft.taken_in_window is not None and draft.taken_in_window.hall_id == draft.hall_id
    return f"本大厅 {'、'.join(halls[0].windows)} 窗口" if is_here else draft.hall.name


def hand_over_due(at: datetime) -> date:
    """By when papers taken in at this instant are to be handed over."""
    limit = Limit(parameter(HAND_OVER_WITHIN, on=civil_date(at)).value, Unit.WORKING_DAY)
    due = deadline(at, limit, calendar()).due_on
    assert due is not None
    return due


def taken_in_with(
    case: Case, draft: Draft, definition: Definition, *, actor: Actor, at: datetime
) -> list[TakeIn]:
    """The row of 代收 for the case that this draft becomes; nothing for any other.

    The case carries it from here on, so that its receipt can say who really handles it.
    """
    window = draft.taken_in_window
    if window is None:
        return []
    case.taken_in_hall_id = window.hall_id
    is_elsewhere = definition.code in residency([definition.code], hall_id=case.hall_id)
    papers = {m.code: m.name for m in definition.materials if m.code in draft.paper}
    row = TakeIn(
        case=case,
        hall_id=window.hall_id,
        window=window,
        receiver=f"hall:{case.hall_id}" if is_elsewhere else f"organ:{case.organ_id}",
        state=(TakeInState.IN_HAND if papers else TakeInState.ELECTRONIC).value,
        papers=papers,
        taken_by=actor.ref,
        taken_by_label=actor.label,
        taken_at=at,
        hand_over_due_on=hand_over_due(at),
    )
    return [row]


def take_again(case: Case, codes: list[str], *, at: datetime) -> None:
    """Papers of a correction that came to the taking window: in its hand until handed over.

    Raises InvalidInputError while the papers before are on the way: two lists of one case would
    not be told apart.
    """
    row = TakeIn.objects.select_for_update().get(case_id=case.pk)
    if row.state == TakeInState.ON_THE_WAY:
        raise InvalidInputError({"paper": STILL_ON_THE_WAY}, STILL_ON_THE_WAY)
    names = dict(CaseMaterial.objects.filter(case=case, code__in=codes).values_list("code", "name"))
    row.state = MACHINE.require(row.state, TakeInAction.TAKE_AGAIN.value).target or row.state
    row.papers = {**row.papers, **names}
    row.arrived = {code: name for code, name in row.arrived.items() if code not in names}
    row.hand_over_due_on = hand_over_due(at)
    row.hand_over, row.handed_by, row.handed_at = None, "", None
    row.confirmed_by, row.confirmed_at = "", None
    row.save()


def receipt_fields(case: Case) -> tuple[Field, ...]:
    """What the 收件凭证 says of a case that was taken in for another window."""
    if case.taken_in_hall_id is None:
        return ()
    row = case.take_in
    place = case.organ.name
    if row.receiver.startswith("hall:"):
        place = f"{case.hall.name}({case.hall.address})"
    papers = "没有收纸质材料,电子材料已经到达"
    if row.papers:
        papers = f"最迟 {chinese_date(row.hand_over_due_on)} 移交,不用您再跑"
    return (
        Field("代收", f"由{row.hall.name} {row.window.number} 窗口代收,期限从收到时起算"),
        Field("实际办理", place),
        Field("纸质材料", papers),
    )
