"""What the glossary must hold: every model, status, act and permission, with its Chinese word."""

from __future__ import annotations

import contextlib
from importlib import import_module

from django.apps import apps

from yiwang.apps.cases.domain.grades import TrustGrade
from yiwang.apps.cases.domain.machine import MACHINE, CaseState
from yiwang.apps.cases.domain.taking_in import MACHINE as TAKING_IN_MACHINE
from yiwang.apps.cases.domain.taking_in import HandOverWay, TakeInState
from yiwang.apps.cases.domain.templates import TemplateState, TemplateUse
from yiwang.apps.cases.models import CaseChannel, GreenChannel, HelpKind, MaterialStatus, StepState
from yiwang.apps.catalog.domain.quality_rules import QualityRule
from yiwang.apps.catalog.models import VersionStatus
from yiwang.apps.certificates.domain.making import MACHINE as MAKING_MACHINE
from yiwang.apps.certificates.domain.making import BlankState, MakingState, Means
from yiwang.apps.certificates.domain.states import MACHINE as CERTIFICATE_MACHINE
from yiwang.apps.certificates.models import CertificateStatus, ProposalState
from yiwang.apps.enquiries.domain.states import MACHINE as ENQUIRY_MACHINE
from yiwang.apps.enquiries.domain.states import EnquiryKind, EnquiryState, NoteState
from yiwang.apps.hall.domain.states import MACHINE as APPOINTMENT_MACHINE
from yiwang.apps.hall.domain.states import AppointmentState
from yiwang.apps.hall.domain.vocabulary import BookedVia, RosterHalf, ZoneAudience
from yiwang.apps.oversight.domain.sampling import SampledState
from yiwang.apps.oversight.domain.states import MACHINE as CHECK_MACHINE
from yiwang.apps.oversight.domain.states import CheckOutcome, CheckState
from yiwang.apps.people.domain.authority import (
    AuthorisationState,
    ConfirmationWay,
    GuardianshipState,
    MandateAct,
)
from yiwang.apps.ratings.domain.handling import MACHINE as HANDLING_MACHINE
from yiwang.apps.ratings.domain.handling import HandlingState
from yiwang.apps.ratings.domain.vocabulary import (
    RatingKind,
    RatingPoint,
    ShowingWay,
    TaskEnd,
    TaskKind,
    Verdict,
    VisitKind,
)
from yiwang.apps.ratings.models import Satisfaction
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState, RuleStatus, Signal
from yiwang.foundation.access import all_permissions
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.documents.models import DocumentStatus
from yiwang.foundation.documents.texts import Part
from yiwang.foundation.messaging.models import MessageStatus
from yiwang.foundation.outbox.models import OutboxStatus
from yiwang.site.settings import CONTEXTS, FOUNDATION

STATUSES = (
    CaseState,
    CaseChannel,
    GreenChannel,
    HelpKind,
    MaterialStatus,
    StepState,
    TakeInState,
    HandOverWay,
    TemplateState,
    TemplateUse,
    VersionStatus,
    QualityRule,
    CertificateStatus,
    ProposalState,
    MakingState,
    BlankState,
    Means,
    CheckState,
    CheckOutcome,
    EnquiryKind,
    EnquiryState,
    NoteState,
    AppointmentState,
    ZoneAudience,
    RosterHalf,
    BookedVia,
    TrustGrade,
    SampledState,
    Satisfaction,
    RatingPoint,
    RatingKind,
    ShowingWay,
    VisitKind,
    HandlingState,
    Verdict,
    TaskKind,
    TaskEnd,
    AuthorisationState,
    MandateAct,
    ConfirmationWay,
    GuardianshipState,
    Signal,
    CardState,
    AppealCause,
    RuleStatus,
    DocumentStatus,
    SealUse,
    Part,
    MessageStatus,
    OutboxStatus,
)


def wanted() -> dict[str, str]:
    """Identifier → Chinese word."""
    for context in CONTEXTS:
        with contextlib.suppress(ModuleNotFoundError):
            import_module(f"{context}.permissions")
    found = {}
    ours = {*FOUNDATION, *CONTEXTS}
    for config in apps.get_app_configs():
        if config.name in ours:
            for model in config.get_models():
                found[model.__name__] = str(model._meta.verbose_name)
    for status in STATUSES:
        for member in status:
            found[f"{status.__name__}.{member.name}"] = str(member.label)
    for transition in MACHINE.transitions:
        found[f"act {transition.action}"] = transition.label
    found |= {f"certificate act {t.action}": t.label for t in CERTIFICATE_MACHINE.transitions}
    found |= {f"taking-in act {t.action}": t.label for t in TAKING_IN_MACHINE.transitions}
    found |= {f"making act {t.action}": t.label for t in MAKING_MACHINE.transitions}
    found |= {f"check act {t.action}": t.label for t in CHECK_MACHINE.transitions}
    found |= {f"enquiry act {t.action}": t.label for t in ENQUIRY_MACHINE.transitions}
    found |= {f"appointment act {t.action}": t.label for t in APPOINTMENT_MACHINE.transitions}
    found |= {f"bad rating act {t.action}": t.label for t in HANDLING_MACHINE.transitions}
    for permission in all_permissions():
        found[permission.code] = permission.label
    return found
