"""What to bring: the materials of the item's guide that the applicant has to hand in."""

from __future__ import annotations

from yiwang.apps.catalog.public import Definition

APPLICANTS = "APPLICANT"
MOST = 12


def what_to_bring(definition: Definition) -> list[str]:
    """Names of materials asked of everybody; what depends on the situation is in the guide."""
    return [
        material.name
        for material in definition.materials
        if material.source.value == APPLICANTS and material.required and not material.when
    ][:MOST]
