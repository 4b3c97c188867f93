"""The door of `catalog` for other apps."""

from yiwang.apps.catalog.domain.definition import Definition, MaterialDefinition, RouteStep
from yiwang.apps.catalog.forms import FormProblem, check_form, form_sections
from yiwang.apps.catalog.models import ItemVersion, ServiceItem
from yiwang.apps.catalog.queries import (
    CurrentVersion,
    current_version,
    current_versions,
    definition_of,
)

__all__ = [
    "CurrentVersion",
    "Definition",
    "FormProblem",
    "ItemVersion",
    "MaterialDefinition",
    "RouteStep",
    "ServiceItem",
    "check_form",
    "current_version",
    "current_versions",
    "definition_of",
    "form_sections",
]
