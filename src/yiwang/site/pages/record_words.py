"""The record in words: operations, subjects, and the facts of an entry.

The record itself keeps codes, which never change meaning; only the page translates them. A key
nobody has named yet is shown as it stands, and a test fails until it is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from yiwang.apps.cases.domain.machine import CaseState
from yiwang.apps.cases.domain.templates import TemplateUse
from yiwang.apps.cases.models import CaseChannel, GreenChannel, HelpKind, MaterialStatus
from yiwang.apps.cases.operations.reviewing import CONCLUSIONS
from yiwang.apps.catalog.public import Definition
from yiwang.apps.certificates.domain.making import MakingState, Means
from yiwang.apps.certificates.public import CertificateStatus
from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState, NoteState
from yiwang.apps.hall.domain.states import AppointmentState
from yiwang.apps.hall.domain.vocabulary import BookedVia, RosterHalf
from yiwang.apps.oversight.domain.sampling import SampledState
from yiwang.apps.oversight.domain.states import CheckOutcome, CheckState
from yiwang.apps.people.domain.authority import (
    AuthorisationEnd,
    AuthorisationState,
    ConfirmationWay,
    GuardianshipState,
    MandateAct,
)
from yiwang.apps.people.public import PartyKind
from yiwang.apps.ratings.domain.handling import HandlingState
from yiwang.apps.ratings.domain.vocabulary import RatingPoint, Verdict, VisitKind
from yiwang.apps.ratings.models import Satisfaction
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState, RuleStatus, Signal
from yiwang.apps.supervision.wording import target_in_words
from yiwang.foundation.documents.kinds import DocumentKind, SealUse
from yiwang.foundation.shell.dates import cn_datetime
from yiwang.kernel.calendar import DayKind
from yiwang.kernel.clock import Limit
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import chinese_date
from yiwang.site.pages.record_facts import FACTS
from yiwang.site.pages.record_names import KINDS as KINDS
from yiwang.site.pages.record_names import OPERATIONS as OPERATIONS

LONGEST = 240
_HEX = re.compile(r"[0-9a-f]{32,}")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_CLOCKS = ("receipt", "promised", "statutory", "delivery")
_ENUMS: dict[str, tuple[type[Enum], ...]] = {
    "appointment_state": (AppointmentState,),
    "authorisation_state": (AuthorisationState,),
    "booked_via": (BookedVia,),
    "green_channels": (GreenChannel,),
    "halves": (RosterHalf,),
    "card_state": (CardState,),
    "cause": (AppealCause,),
    "certificate_status": (CertificateStatus,),
    "channel": (CaseChannel,),
    "check_outcome": (CheckOutcome,),
    "check_state": (CheckState,),
    "enquiry_state": (EnquiryState,),
    "handling_state": (HandlingState,),
    "point": (RatingPoint,),
    "verdict": (Verdict,),
    "visit_kind": (VisitKind,),
    "days": (DayKind,),
    "end": (AuthorisationEnd,),
    "evidence": (MaterialStatus,),
    "green_channel": (GreenChannel,),
    "guardianship_state": (GuardianshipState,),
    "help_kind": (HelpKind,),
    "kind": (DocumentKind, PartyKind, EnquiryKind),
    "mandate_act": (MandateAct,),
    "mandate_acts": (MandateAct,),
    "materials": (MaterialStatus,),
    "note_state": (NoteState,),
    "template_use": (TemplateUse,),
    "outcome": (CaseState,),
    "paper_kind": (PaperKind,),
    "satisfaction": (Satisfaction,),
    "signal": (Signal,),
    "state": (CaseState,),
    "status": (RuleStatus,),
    "way": (ConfirmationWay,),
    "making_state": (MakingState,),
    "means": (Means,),
    "sampled_state": (SampledState,),
    "seal_use": (SealUse,),
}


def named(subject: str) -> str:
    """`case:9` as 办件 9; a long identifier by its first eight signs."""
    kind, _, number = subject.partition(":")
    return f"{KINDS.get(kind, kind)} {_short(number)}".strip() or "无"


def codes_of(definition: Definition) -> dict[str, str]:
    """The codes of an item by the fact they stand in: `material.lease`, `points.lease.signed` …"""
    found = {f"ground.{ground.code}": ground.label for ground in definition.pause_grounds}
    found |= {f"step.{step.code}": step.name for step in definition.route}
    for material in definition.materials:
        found[f"material.{material.code}"] = material.name
        found |= {f"points.{material.code}.{p.code}": p.text for p in material.points}
    return found


def facts_in_words(facts: Mapping[str, Any], codes: Mapping[str, str] | None = None) -> str:
    """`{"state": "REVIEW", "deemed": false}` as 状态:审查中;视为受理:否. Cut at LONGEST."""
    told = _told(facts, codes or {})
    text = ";".join(f"{_key(key)}:{_value(key, value)}" for key, value in told.items())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _told(facts: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """The facts with the item's own codes replaced by their names."""
    told = dict(facts)
    for key in ("ground", "material", "step"):
        if key in told:
            told[key] = codes.get(f"{key}.{told[key]}", told[key])
    if isinstance(told.get("points"), list):
        of = f"points.{facts.get('material', '')}"
        told["points"] = [codes.get(f"{of}.{code}", code) for code in told["points"]]
    if isinstance(told.get("materials"), dict):
        told["materials"] = {
            codes.get(f"material.{code}", code): value for code, value in told["materials"].items()
        }
    if isinstance(told.get("pause"), str):
        ground = told["pause"].rpartition("_")[0]
        told["pause"] = codes.get(f"ground.{ground}", told["pause"])
    return told


def _key(key: str) -> str:
    return FACTS.get(key, key)


def _value(key: str, value: Any) -> str:
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(key, part) for part in value) or "无"
    if isinstance(value, dict):
        return _inside(key, value)
    return _text(key, value) if isinstance(value, str) else str(value)


def _inside(key: str, parts: Mapping[str, Any]) -> str:
    """A list of named things; dates that are not set say nothing and are left out."""
    if set(parts) == {"id", "kind"}:
        return f"{_value('kind', parts['kind'])} {_value('id', parts['id'])}"
    told = {name: value for name, value in parts.items() if value is not None}
    return "、".join(f"{_inner(name)} {_value(key, value)}" for name, value in told.items()) or "无"


def _inner(name: str) -> str:
    """A key inside a fact: one of ours, a day of the calendar, or a code of the item."""
    return _day(name) or _key(name)


def _text(key: str, text: str) -> str:
    readers: dict[str, Callable[[str], str]] = {
        "conclusion": lambda code: CONCLUSIONS.get(code, code),
        "expected": lambda limit: Limit.parse(limit).label,
        "held": lambda name: _key(f"{name}_due_on") if name in _CLOCKS else name,
        "of": named,
        "subject": named,
        "target": target_in_words,
    }
    for kind in _ENUMS.get(key, ()):
        if text in {member.value for member in kind}:
            return str(getattr(kind(text), "label", text))
    if key in readers:
        return readers[key](text)
    if text.partition(":")[0] in ("file", "certificate"):
        return named(text)
    return _day(text) or _short(text)


def _day(text: str) -> str:
    """A date or a moment in Chinese; empty for anything else."""
    try:
        return chinese_date(date.fromisoformat(text)) if len(text) == 10 else _moment(text)
    except ValueError:
        return ""


def _moment(text: str) -> str:
    return cn_datetime(datetime.fromisoformat(text)) if "T" in text else ""


def _short(text: str) -> str:
    """Identifiers and digests by their beginning: the whole is in the exported record."""
    if _UUID.fullmatch(text):
        return text[:8]
    return f"{text[:12]}…" if _HEX.fullmatch(text) else text
