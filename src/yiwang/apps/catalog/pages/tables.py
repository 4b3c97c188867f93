"""Differences and reasons as the shell's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yiwang.apps.catalog.comparing import Difference
from yiwang.apps.catalog.domain.publishing import Problem
from yiwang.apps.catalog.models import ItemVersion, VersionStatus
from yiwang.apps.catalog.public import Definition
from yiwang.apps.catalog.wording import Names, names_of, place_in_words, value_in_words
from yiwang.apps.people.public import organ_by_slug

TONES = {
    VersionStatus.DRAFT: "neutral",
    VersionStatus.IN_REVIEW: "warning",
    VersionStatus.PUBLISHED: "success",
    VersionStatus.SUPERSEDED: "paused",
}


def status_tag(version: ItemVersion) -> dict[str, str]:
    status = VersionStatus(version.status)
    return {"label": str(status.label), "tone": TONES[status]}


def difference_table(
    differences: Sequence[Difference], caption: str, *definitions: Definition | None
) -> dict[str, Any]:
    """Place, before, after: one line for each changed leaf, in words.

    Parts go by their names in `definitions`, the older first. Without anything before there is no
    column for it.
    """
    names = names_of(*definitions)
    is_first = not any(d.before for d in differences)
    columns = ("哪里", "内容") if is_first else ("哪里", "原来", "改为")
    return {
        "caption": caption,
        "columns": [{"label": label} for label in columns],
        "rows": [
            {
                "cells": [
                    place_in_words(d.where, names),
                    *([] if is_first else [_value(d.where, d.before, names) or "(没有)"]),
                    _value(d.where, d.after, names) or "(删除)",
                ]
            }
            for d in differences
        ],
        "empty": {"title": "没有差异", "text": "内容与对照的版本完全一样。"},
    }


def _value(where: str, value: str, names: Names) -> str:
    organ = organ_by_slug(value) if where in ("organ", "supervising_organ") and value else None
    return organ.name if organ else value_in_words(where, value, names)


def reason_table(reasons: Sequence[Problem], caption: str) -> dict[str, Any]:
    """Place and what to do."""
    return {
        "caption": caption,
        "columns": [{"label": "哪里"}, {"label": "怎么办"}],
        "rows": [{"cells": [place_in_words(r.where), r.message]} for r in reasons],
    }
