"""Handing in: online by the applicant, at a window by a clerk. A draft becomes a case."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.clocks import receipt_clock, reckon
from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.events import CaseReceived
from yiwang.apps.cases.models import (
    FIRST,
    NEVER,
    ORDINARY,
    Case,
    CaseChannel,
    CaseContent,
    CaseMaterial,
    ClockRow,
    Draft,
)
from yiwang.apps.cases.operations.act import events_by_clock, limits_of
from yiwang.apps.cases.operations.drafts import may_use, missing_parts, note_agent
from yiwang.apps.cases.operations.filed_materials import (
    evidence,
    handed_back_of,
    materials_of,
    reused_from,
)
from yiwang.apps.cases.operations.helped import note_window_help
from yiwang.apps.cases.operations.holdings import Holdings, held_for
from yiwang.apps.cases.operations.taking import receipt_fields, taken_in_with
from yiwang.apps.cases.operations.window_agents import basis_of, use_authorisation
from yiwang.apps.cases.seeing import is_on_their_side
from yiwang.apps.catalog.public import Definition, definition_of
from yiwang.apps.people.public import NOT_OFFERED, Authorisation, is_unrepaired, unmask
from yiwang.foundation.access import Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.documents.issuing import numbered_document
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.secrets import keyring
from yiwang.foundation.shell.entrance import OWN, Entrance
from yiwang.foundation.statements import Statement, delete_where, insert
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.chain import salted_digest
from yiwang.kernel.clock import ClockEventKind
from yiwang.kernel.masking import mask_name
from yiwang.kernel.moment import civil_date
from yiwang.kernel.numbering import case_number, short_number

RECEIPT_DUE = "cases.receipt_due"


def query_code_of(case: Case) -> str:
    """Six digits with which anybody who holds the slip may ask where the case stands."""
    return keyring().digits("case.query", str(case.filing_key))


def is_query_code(case: Case, offered: str) -> bool:
    """True for the code that was printed, also where keys were rotated since."""
    return keyring().is_digits("case.query", str(case.filing_key), offered)


@transaction.atomic
def submit(*, draft_id: uuid.UUID, actor: Actor, at: datetime, entrance: Entrance = OWN) -> Case:
    """Hand a draft in. A second time gives the same case. `entrance`: where the visit came in.

    Raises InvalidInputError with everything that is missing at once, CaseNotFoundError.
    """
    draft, serial = _locked_draft(draft_id, actor)
    if draft is None:
        return _already_filed(draft_id, actor)
    if draft.channel == CaseChannel.WINDOW:
        actor.require(permissions.RECEIVE)
    _refuse_closed(draft)
    definition = definition_of(draft.item_version_id)
    is_agent = _by_agent(draft, serial, actor, at)
    under = use_authorisation(draft, serial, actor, at) if not is_online(draft) else None
    holdings = held_for(draft, definition, at)
    problems = missing_parts(draft, definition, holdings)
    if draft.commitment and is_unrepaired(draft.applicant_id):
        problems["commitment"] = NOT_OFFERED
    if problems:
        raise InvalidInputError(problems)
    case = _new_case(draft, serial, at)
    case.entrance, case.entrance_label = entrance.code, entrance.label
    case.filed_under = under.pk if under else None
    take_ins = taken_in_with(case, draft, definition, actor=actor, at=at)
    rows = [ClockRow(case=case, clock=receipt_clock(0), kind=ClockEventKind.STARTED.value, at=at)]
    clocks = reckon(events_by_clock(rows), limits_of(definition), calendar())
    assert clocks.receipt is not None
    due = clocks.receipt.reckoning
    case.receipt_due_on = due.due_on
    case.sort_due_at = due.due_at or NEVER
    case.calendar_version = due.calendar_version
    agent = _agent_of(draft, actor, under) if is_agent or under else None
    _write_case(case, draft, definition, holdings, rows, actor, at, agent)
    insert(take_ins)
    # What another system accepts cannot be taken as accepted here: it is late, and shown as late.
    if definition.deemed_acceptance != "NEVER" and definition.handling.is_own:
        set_timers(case.subject, {RECEIPT_DUE: due.due_at})
    if case.is_helped:
        _tell_helped(case, actor, at)
        note_window_help(case, basis=basis_of(under) if under else "", actor=actor, at=at)
    publish([CaseReceived(case_id=case.pk)], at=at)
    delete_where(Draft, {"pk": draft.pk})
    return case


def _refuse_closed(draft: Draft) -> None:
    """A closed organ or hall takes no new cases; the database refuses them too (a trigger), should
    it be closed at this very moment."""
    if draft.item_version.item.organ.valid_until is not None:
        raise InvalidInputError({"": "办理这个事项的机构已经撤销,请到「办事」重新查找现在的事项。"})
    if draft.hall.valid_until is not None:
        raise InvalidInputError({"": "您选的大厅已经关闭,请重新申请并选择别的大厅。"})


def _tell_helped(case: Case, actor: Actor, at: datetime) -> None:
    """Who fills in somebody's form sees their data: it stands under 谁看过我的信息."""
    unmask(
        party=case.applicant,
        what=f"帮办代办:替您填写「{case.item_name}」的申请"[:120],
        reason=case.helped,
        actor=actor,
        at=at,
        subject=case.subject,
    )


@dataclass(frozen=True, slots=True)
class Agent:
    """Who handed in for the applicant under an authorisation: party and masked name."""

    party_id: int | None
    label: str


def _agent_of(draft: Draft, actor: Actor, under: Authorisation | None) -> Agent:
    if under is not None:
        return Agent(draft.filed_by_id, under.agent_label)
    return Agent(actor.party_id, mask_name(actor.label))


def is_online(draft: Draft) -> bool:
    return draft.channel == CaseChannel.ONLINE


def _by_agent(draft: Draft, serial: int, actor: Actor, at: datetime) -> bool:
    """Whether an agent hands it in, which is then noted; who filed it is who hands it in."""
    if draft.channel == CaseChannel.WINDOW:
        return False
    draft.filed_by_id = None if draft.applicant_id == actor.party_id else actor.party_id
    return note_agent(draft, "提交了申请", actor=actor, at=at, subject=f"case:{serial}")


_LOCKED_DRAFT = Statement(
    lambda pk: (
        Draft.objects.select_for_update(of=("self",))
        .select_related("applicant", "hall", "item_version__item__organ")
        .defer("item_version__definition")
        .extra(select={"serial": "nextval('cases_case_id_seq')"})
        .filter(pk=pk)
    ),
    uuid.UUID,
)


def _locked_draft(draft_id: uuid.UUID, actor: Actor) -> tuple[Draft | None, int]:
    """The draft, locked, with the id of the case to be, which is its serial too: one statement."""
    draft = _LOCKED_DRAFT.first(draft_id)
    if draft is None:
        return None, 0
    if not may_use(draft, actor):
        raise CaseNotFoundError
    return draft, getattr(draft, "serial", 0)


def _already_filed(draft_id: uuid.UUID, actor: Actor) -> Case:
    case = Case.objects.filter(filing_key=draft_id).select_related("applicant", "organ").first()
    if case is None or (actor.party_id is not None and not is_on_their_side(actor, case)):
        raise CaseNotFoundError
    if actor.party_id is None and not actor.is_staff:
        raise CaseNotFoundError
    return case


def _new_case(draft: Draft, serial: int, at: datetime) -> Case:
    item = draft.item_version.item
    today = civil_date(at)
    return Case(
        pk=serial,
        number=case_number(implementation_code=item.implementation_code, on=today, serial=serial),
        short_number=short_number(on=today, serial=serial),
        state=CaseState.RECEIVED.value,
        record_hash=b"",
        item=item,
        item_version=draft.item_version,
        item_code=draft.item_code,
        item_name=draft.item_name,
        organ=item.organ,
        hall=draft.hall,
        applicant=draft.applicant,
        applicant_label=draft.applicant.label,
        is_organisation=not draft.applicant.is_natural,
        filed_by_id=draft.filed_by_id,
        channel=draft.channel,
        commitment=draft.commitment,
        is_helped=draft.is_helped,
        helped=draft.helped,
        green_channel=draft.green_channel,
        green_reason=draft.green_reason,
        lane=FIRST if draft.green_channel else ORDINARY,
        salt=secrets.token_bytes(16),
        filing_key=draft.pk,
        received_at=at,
    )


def form_digest(case: Case, form: dict[str, Any]) -> str:
    """The salted digest of a form, over its JSON text (answers may hold decimals)."""
    text = json.dumps(form, ensure_ascii=False, sort_keys=True)
    return salted_digest(bytes(case.salt), text)


def _write_case(
    case: Case,
    draft: Draft,
    definition: Definition,
    holdings: Holdings,
    rows: list[ClockRow],
    actor: Actor,
    at: datetime,
    agent: Agent | None,
) -> None:
    materials = materials_of(case, draft, definition, holdings)
    letters = _letters(
        case,
        papers.Face(case, definition, draft.applicant.name, at),
        materials,
        agent.label if agent else "",
    )
    digest = form_digest(case, draft.form)
    entry, head = build(
        subject=case.subject,
        head=START,
        operation="cases.submit",
        actor=actor.ref,
        at=at,
        facts=_facts(case, draft, materials, letters, agent),
        digests={"form": digest},
    )
    case.version, case.record_hash = head.seq, head.hash
    insert([case])
    insert([entry])
    insert(
        [
            CaseContent(
                case=case,
                revision=1,
                form=draft.form,
                digest=digest,
                written_by=actor.ref,
                written_at=at,
            )
        ]
    )
    insert(materials)
    insert(rows)
    insert([_row_of(case, paper) for paper in letters])


def _facts(
    case: Case,
    draft: Draft,
    materials: list[CaseMaterial],
    letters: list[papers.Paper],
    agent: Agent | None,
) -> dict[str, Any]:
    """What the first entry of the record says."""
    return {
        "state": case.state,
        "item_version": draft.item_version_id,
        "applicant": draft.applicant_id,
        "channel": draft.channel,
        "number": case.number,
        "due": {"receipt_due_on": str(case.receipt_due_on)},
        "materials": {m.code: evidence(m) for m in materials},
        "documents": [{"id": str(p.identifier), "kind": p.document.kind.value} for p in letters],
        **({"commitment": case.commitment} if case.commitment else {}),
        **({"agent": agent.party_id} if agent else {}),
        **({"authorisation": case.filed_under} if case.filed_under else {}),
        **({"is_helped": True} if case.is_helped else {}),
        **({"reused": reused} if (reused := reused_from(materials)) else {}),
        **({"entrance": case.entrance} if case.entrance else {}),
        **({"green_channel": case.green_channel} if case.green_channel else {}),
        **({"handed_back": back} if (back := handed_back_of(materials)) else {}),
        **({"taken_in_hall": case.taken_in_hall_id} if case.taken_in_hall_id else {}),
    }


def _row_of(case: Case, paper: papers.Paper) -> LegalDocument:
    return numbered_document(
        paper.document,
        identifier=paper.identifier,
        subject=case.subject,
        party_id=case.applicant_id,
        addressee_label=case.applicant_label,
        organ_word=case.organ.document_word,
        kind_word=paper.kind_word,
    )


def _letters(
    case: Case, face: papers.Face, materials: list[CaseMaterial], agent: str
) -> list[papers.Paper]:
    """收件凭证, and the 告知承诺书 where one was chosen."""
    found = [_receipt(case, face, materials, agent)]
    if commitment := face.definition.commitment(case.commitment):
        found.append(papers.commitment_letter(face, commitment))
    return found


def _receipt(
    case: Case, face: papers.Face, materials: list[CaseMaterial], agent: str
) -> papers.Paper:
    return papers.receipt(
        face,
        received=[m.name for m in materials if m.status in ("PROVIDED", "PAPER")],
        held=[m.name for m in materials if m.status == "HELD"],
        handed_back=[m.name for m in materials if m.is_handed_back],
        due_on=case.receipt_due_on,
        query_code=query_code_of(case),
        agent=agent,
        taken_in=receipt_fields(case),
    )
