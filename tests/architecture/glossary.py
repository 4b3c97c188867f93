"""What the glossary must hold: every model, status, act and permission, with its Chinese word."""

from __future__ import annotations

import contextlib
from importlib import import_module

from django.apps import apps

from yiwang.apps.cases.domain.machine import MACHINE, CaseState
from yiwang.apps.cases.models import CaseChannel, MaterialStatus, StepState
from yiwang.apps.catalog.models import VersionStatus
from yiwang.apps.certificates.models import CertificateStatus
from yiwang.apps.ratings.models import Satisfaction
from yiwang.apps.supervision.domain.vocabulary import AppealCause, CardState, RuleStatus, Signal
from yiwang.foundation.access import all_permissions
from yiwang.foundation.documents.models import DocumentStatus
from yiwang.foundation.messaging.models import MessageStatus
from yiwang.foundation.outbox.models import OutboxStatus
from yiwang.site.settings import CONTEXTS, FOUNDATION

STATUSES = (
    CaseState,
    CaseChannel,
    MaterialStatus,
    StepState,
    VersionStatus,
    CertificateStatus,
    Satisfaction,
    Signal,
    CardState,
    AppealCause,
    RuleStatus,
    DocumentStatus,
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
    for permission in all_permissions():
        found[permission.code] = permission.label
    return found
