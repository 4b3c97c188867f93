"""The fields of the form about a seal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.apps.people.public import Organ
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.shell.act_form import line, select
from yiwang.site.pages.ruling_forms import terms_fields


def seal_fields(typed: Mapping[str, str], organ: Organ) -> list[dict[str, Any]]:
    uses = [(use.value, use.label) for use in SealUse]
    return [
        select("use", "用途", typed, uses, value=SealUse.APPROVAL.value),
        line("name", "刻制名称(照印章上沿的文字)", typed, maxlength=24, value=organ.name),
        line(
            "caption",
            "中部文字",
            typed,
            maxlength=10,
            is_optional=True,
            hint="不填的按用途,例如 行政审批专用章;公章没有",
        ),
        line(
            "filing_code",
            "备案编码",
            typed,
            maxlength=18,
            is_optional=True,
            hint="印章下沿的编码,多为 13 位数字",
        ),
        *terms_fields(typed, "从哪天起启用"),
    ]
