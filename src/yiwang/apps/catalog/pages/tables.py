"""Differences and reasons as the shell's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from yiwang.apps.catalog.comparing import Difference
from yiwang.apps.catalog.domain.publishing import Problem
from yiwang.apps.catalog.models import ItemVersion, VersionStatus
from yiwang.apps.catalog.wording import place_in_words

TONES = {
    VersionStatus.DRAFT: "neutral",
    VersionStatus.IN_REVIEW: "warning",
    VersionStatus.PUBLISHED: "success",
    VersionStatus.SUPERSEDED: "paused",
}


def status_tag(version: ItemVersion) -> dict[str, str]:
    status = VersionStatus(version.status)
    return {"label": str(status.label), "tone": TONES[status]}


def difference_table(differences: Sequence[Difference], caption: str) -> dict[str, Any]:
    """Place, before, after: one line for each changed leaf."""
    return {
        "caption": caption,
        "columns": [{"label": "哪里"}, {"label": "原来"}, {"label": "改为"}],
        "rows": [
            {
                "cells": [
                    {"text": place_in_words(d.where), "note": d.where},
                    d.before or "(没有)",
                    d.after or "(删除)",
                ]
            }
            for d in differences
        ],
        "empty": {"title": "没有差异", "text": "内容与对照的版本完全一样。"},
    }


def reason_table(reasons: Sequence[Problem], caption: str) -> dict[str, Any]:
    """Place and what to do."""
    return {
        "caption": caption,
        "columns": [{"label": "哪里"}, {"label": "怎么办"}],
        "rows": [{"cells": [place_in_words(r.where), r.message]} for r in reasons],
    }
