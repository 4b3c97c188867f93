"""Writing down that somebody was helped: by itself when a clerk fills in a form for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yiwang.apps.cases import permissions
from yiwang.apps.cases.models import Case, HelpKind, HelpRecord
from yiwang.foundation.access import Actor
from yiwang.foundation.record.writing import append
from yiwang.kernel.moment import civil_date


@dataclass(frozen=True, slots=True)
class Helped:
    """Whom it was for and with which matter: of a case, or of somebody who has none (yet)."""

    party_id: int
    party_label: str
    item_code: str
    item_name: str
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Help:
    """What was done for somebody, as typed."""

    kind: str
    place: str
    what: str
    result: str
    helped_on: date | None
    parcel_number: str = ""
    basis: str = ""
    authorisation_id: int | None = None


def helped_with(case: Case) -> Helped:
    return Helped(case.applicant_id, case.applicant_label, case.item_code, case.item_name, case.pk)


def note_window_help(case: Case, *, basis: str, actor: Actor, at: datetime) -> None:
    """A form that a clerk filled in for somebody is a person-time of help by itself; for somebody
    who came for them it is 代办, with the authorisation it rests on or the paper that was shown."""
    organs = actor.organ_ids(permissions.RECEIVE)
    if not organs:
        return
    kind = HelpKind.AGENCY if case.filed_by_id else HelpKind.WINDOW
    done = Help(
        kind=kind,
        place=case.hall.name,
        what=f"替填申请:{case.helped}"[:400],
        result="已收件",
        helped_on=civil_date(at),
        basis=(basis or case.helped) if case.filed_by_id else "",
        authorisation_id=case.filed_under,
    )
    write_help(helped_with(case), done, organs[0], actor, at)


def write_help(of: Helped, help: Help, organ: int, actor: Actor, at: datetime) -> HelpRecord:
    assert help.helped_on is not None
    row = HelpRecord.objects.create(
        kind=help.kind,
        organ_id=organ,
        helper=actor.ref,
        helper_label=actor.label,
        party_id=of.party_id,
        party_label=of.party_label,
        case_id=of.case_id,
        item_code=of.item_code,
        item_name=of.item_name,
        place=help.place.strip()[:200],
        what=help.what.strip()[:400],
        result=help.result.strip()[:400],
        parcel_number=help.parcel_number.strip()[:40],
        basis=help.basis.strip()[:200],
        authorisation_id=help.authorisation_id,
        helped_on=help.helped_on,
        noted_at=at,
    )
    append(
        subject=f"help:{row.pk}",
        operation="cases.note_help",
        actor=actor.ref,
        at=at,
        facts={
            "case": of.case_id,
            "help_kind": row.kind,
            **({"authorisation": row.authorisation_id} if row.authorisation_id else {}),
        },
    )
    return row
