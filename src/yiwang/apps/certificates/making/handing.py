"""What `cases` asks of making: order it with the decision, is it stored, it was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from yiwang.apps.certificates.domain.making import BlankState, MakingAction, MakingState, Means
from yiwang.apps.certificates.making.acting import moved
from yiwang.apps.certificates.making.printing import waste_of
from yiwang.apps.certificates.models import Blank, Certificate, IssueEntry, Making
from yiwang.foundation.access import Actor
from yiwang.foundation.statements import insert


@dataclass(frozen=True, slots=True)
class Collected:
    """Who took a certificate and how: `collector` is masked already, `reference` a parcel's
    carrier and number, never a pick-up code."""

    means: Means
    collector: str
    reference: str = ""


def order_making(
    certificate: Certificate,
    *,
    blank: tuple[str, str],
    short_number: str,
    hall_id: int,
    due: tuple[date | None, datetime],
    at: datetime,
) -> Making:
    """Queue a certificate, in the transaction of the decision: there is no moment at which it
    could be collected unmade. `blank` is (kind, name), `due` the delivery clock's (day, order).
    One statement."""
    row = Making(
        subject=certificate.subject,
        short_number=short_number,
        certificate=certificate,
        organ_id=certificate.organ_id,
        hall_id=hall_id,
        blank_kind=blank[0],
        blank_name=blank[1],
        holder_label=certificate.holder.label,
        state=MakingState.WAITING,
        queued_at=at,
        due_on=due[0],
        sort_due_at=due[1],
    )
    insert([row])
    return row


def unmade(subjects: Iterable[str]) -> set[str]:
    """Those of these cases whose certificate is ordered and not stored yet. One statement."""
    wanted = list(subjects)
    if not wanted:
        return set()
    rows = Making.objects.filter(subject__in=wanted).exclude(
        state__in=[MakingState.STORED, MakingState.ISSUED]
    )
    return set(rows.values_list("subject", flat=True))


def is_stored(subject: str) -> bool:
    """True where the printed certificate lies ready; False too where nothing was ordered."""
    return Making.objects.filter(subject=subject, state=MakingState.STORED).exists()


def hand_over(*, subject: str, collected: Collected, actor: Actor, at: datetime) -> IssueEntry:
    """The line of the ledger, the blank and the making, in the transaction of the delivery, which
    asked for the permission. Raises TransitionNotAllowedError where it is not in the store."""
    row = (
        Making.objects.select_for_update(of=("self",))
        .select_related("certificate", "blank")
        .get(subject=subject)
    )
    act = moved(row, MakingAction.HAND_OVER, actor=actor, at=at)
    assert row.blank is not None
    Blank.objects.filter(pk=row.blank.pk).update(state=BlankState.ISSUED)
    entry = IssueEntry(
        making=row,
        organ_id=row.organ_id,
        hall_id=row.hall_id,
        short_number=row.short_number,
        certificate_name=row.certificate.name,
        certificate_number=row.certificate.number,
        blank_kind=row.blank_kind,
        blank_number=row.blank.number,
        holder_label=row.holder_label,
        means=collected.means,
        collector_label=collected.collector[:120],
        reference=collected.reference[:120],
        by=actor.ref,
        by_label=actor.label[:80],
        at=at,
    )
    insert([entry])
    act.facts |= {"blank": row.blank.number, "means": collected.means.value}
    act.commit(MakingAction.HAND_OVER)
    return entry


def drop_making(*, subject: str, reason: str, actor: Actor, at: datetime) -> bool:
    """The case ended without a hand-over: nothing more is made, and a printed blank is void. A
    second time changes nothing."""
    row = Making.objects.select_for_update().filter(subject=subject).first()
    if row is None or row.state in (MakingState.ISSUED, MakingState.DROPPED):
        return False
    act = moved(row, MakingAction.DROP, actor=actor, at=at)
    if row.state in (MakingState.PRINTED, MakingState.STORED):
        blank = waste_of(row, reason, by=(actor.ref, actor.label), at=at)
        act.facts["blank"] = blank.number
    act.facts["reason"] = reason
    act.commit(MakingAction.DROP)
    return True


def retime_making(*, subject: str, due_on: date | None, sort_due_at: datetime) -> None:
    """The delivery clock moved: the queue follows. Nothing where nothing is ordered."""
    Making.objects.filter(subject=subject).update(due_on=due_on, sort_due_at=sort_due_at)
