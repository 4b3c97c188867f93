"""正在制证, for lists: one statement for all the cases of a page."""

from __future__ import annotations

from collections.abc import Sequence

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations.delivering import has_blank
from yiwang.apps.certificates.public import unmade

WORD = "正在制证"


def being_made(cases: Sequence[Case]) -> set[int]:
    """Ids of those whose certificate is not in the store yet; no statement where none is printed
    on a blank."""
    printed = {case.subject: case.pk for case in cases if has_blank(case)}
    return {printed[subject] for subject in unmade(printed)}
