"""The tables of a case."""

from yiwang.apps.cases.models.branches import (
    CaseProposal,
    OutsideStatus,
    Parcel,
    ProcedureState,
    ProposalKind,
    SpecialProcedure,
)
from yiwang.apps.cases.models.case import (
    NEVER,
    Case,
    CaseChannel,
    CaseContent,
    CaseDecision,
    ClockRow,
    ReviewStep,
    StepState,
    case_state_choices,
    channel_choices,
    step_state_choices,
)
from yiwang.apps.cases.models.draft import Draft
from yiwang.apps.cases.models.green import (
    FIRST,
    ORDINARY,
    GreenChannel,
    green_channel_choices,
)
from yiwang.apps.cases.models.helping import (
    HelpCall,
    HelpKind,
    HelpRecord,
    HelpSample,
)
from yiwang.apps.cases.models.material import (
    CaseMaterial,
    MaterialStatus,
    OriginalCheck,
    grade_choices,
    material_status_choices,
)
from yiwang.apps.cases.models.saved import SavedFilter
from yiwang.apps.cases.models.taking_in import PapersHandOver, TakeIn
from yiwang.apps.cases.models.templates import OpinionTemplate

__all__ = [
    "FIRST",
    "NEVER",
    "ORDINARY",
    "Case",
    "CaseChannel",
    "CaseContent",
    "CaseDecision",
    "CaseMaterial",
    "CaseProposal",
    "ClockRow",
    "Draft",
    "GreenChannel",
    "HelpCall",
    "HelpKind",
    "HelpRecord",
    "HelpSample",
    "MaterialStatus",
    "OpinionTemplate",
    "OriginalCheck",
    "OutsideStatus",
    "PapersHandOver",
    "Parcel",
    "ProcedureState",
    "ProposalKind",
    "ReviewStep",
    "SavedFilter",
    "SpecialProcedure",
    "StepState",
    "TakeIn",
    # Landed migrations name these by this path.
    "case_state_choices",
    "channel_choices",
    "grade_choices",
    "green_channel_choices",
    "material_status_choices",
    "step_state_choices",
]
