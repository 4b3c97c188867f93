"""The fields by which somebody is known who stands at a window or calls: their paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.foundation.shell.act_form import line, select
from yiwang.kernel.identifiers.kinds import PaperKind


def paper_fields(
    typed: Mapping[str, str], *, with_organisations: bool = False, is_optional: bool = False
) -> list[dict[str, Any]]:
    """`paper_kind`, `paper_number`, `name`; the paper may be left out where `is_optional`."""
    kinds = [k for k in PaperKind if k is not PaperKind.USCC or with_organisations]
    hint = "读卡或输入;单位用统一社会信用代码" if with_organisations else "读卡或输入"
    named = "姓名或名称" if with_organisations else "姓名"
    off: dict[str, Any] = {"autocomplete": "off"}
    return [
        select("paper_kind", "证件类型", typed, [(k.value, k.label) for k in kinds],
               value=PaperKind.RESIDENT_ID.value),
        line("paper_number", "证件号码", typed, maxlength=50, hint=hint,
             is_optional=is_optional, **off),
        line("name", named, typed, maxlength=80, hint="登记过的可以不填", is_optional=True, **off),
    ]  # fmt: skip
