"""The door of `catalog` for other apps."""

from yiwang.apps.catalog.domain.definition import (
    AcceptancePoint,
    Definition,
    MaterialDefinition,
    PauseGround,
    RouteStep,
)
from yiwang.apps.catalog.domain.special import Commitment, ProcedureRule, When
from yiwang.apps.catalog.domain.vocabulary import DeemedAcceptance, ProcedureKind
from yiwang.apps.catalog.forms import (
    FormField,
    FormProblem,
    Section,
    check_form,
    form_sections,
    read_posted,
)
from yiwang.apps.catalog.hooks import (
    GuideAnswer,
    Practice,
    use_guide_answers,
    use_open_notes,
    use_practices,
)
from yiwang.apps.catalog.models import ItemVersion, ServiceItem
from yiwang.apps.catalog.pages.guide_situations import condition_in_words, is_out
from yiwang.apps.catalog.permissions import EDIT
from yiwang.apps.catalog.queries import (
    CurrentVersion,
    blanks_printed_on,
    current_version,
    current_versions,
    definition_of,
    items_that_end,
    licences_asked_for,
    search_items,
)

__all__ = [
    "EDIT",
    "AcceptancePoint",
    "Commitment",
    "CurrentVersion",
    "DeemedAcceptance",
    "Definition",
    "FormField",
    "FormProblem",
    "GuideAnswer",
    "ItemVersion",
    "MaterialDefinition",
    "PauseGround",
    "Practice",
    "ProcedureKind",
    "ProcedureRule",
    "RouteStep",
    "Section",
    "ServiceItem",
    "When",
    "blanks_printed_on",
    "check_form",
    "condition_in_words",
    "current_version",
    "current_versions",
    "definition_of",
    "form_sections",
    "is_out",
    "items_that_end",
    "licences_asked_for",
    "read_posted",
    "search_items",
    "use_guide_answers",
    "use_open_notes",
    "use_practices",
]
