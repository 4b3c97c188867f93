"""The materials of a case as the desk checks them: points, files, what is to be corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.apps.cases.archive import points_of
from yiwang.apps.cases.domain.grades import TrustGrade
from yiwang.apps.cases.models import CaseMaterial, MaterialStatus, OriginalCheck
from yiwang.apps.cases.pages.applying import file_row
from yiwang.apps.cases.pages.staff_fields import checks_of
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.catalog.public import (
    check_form,
    condition_in_words,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.files.models import Attachment

_TAGS = {
    MaterialStatus.MISSING: "warning",
    MaterialStatus.PROVIDED: "info",
    MaterialStatus.PAPER: "info",
    MaterialStatus.HELD: "success",
    MaterialStatus.PROMISED: "success",
    MaterialStatus.UNCERTAIN: "warning",
}
EMPTY_LINES = 2
UNCHECKED = (
    MaterialStatus.HELD,
    MaterialStatus.PROMISED,
    MaterialStatus.MISSING,
    MaterialStatus.UNCERTAIN,
)


def material_rows(
    whole: WholeCase, actor: Actor, typed: Any, errors: Mapping[str, str], opened: str
) -> list[dict[str, Any]]:
    """One row a material; ticks and problems as typed where a form came back."""
    checks = checks_of(typed)
    rows = []
    under_way = whole.take_in.under_way if whole.take_in else {}
    for row in whole.materials:
        material = whole.definition.material(row.code)
        ticked = checks[row.code].points if row.code in checks else frozenset(row.points)
        points: list[dict[str, Any]] = [
            {"code": p.code, "text": p.text, "is_ticked": p.code in ticked}
            for p in (points_of(material, row) if material else ())
        ]
        rows.append(
            {
                "row": row,
                "tag": {"label": _label(row, under_way), "tone": _TAGS[MaterialStatus(row.status)]},
                "points": points,
                "done": sum(point["is_ticked"] for point in points),
                "problem": checks[row.code].problem if row.code in checks else row.problem,
                "error": errors.get(row.code, "") or errors.get(f"file-{row.code}", ""),
                "is_mine": row.opened_by == actor.ref,
                "is_shown": opened == row.code and row.opened_by == actor.ref,
                "may_be_held": bool(material and material.licence_kind)
                and row.status in (MaterialStatus.MISSING, MaterialStatus.UNCERTAIN),
                "original": OriginalCheck(row.original).label if row.original else "",
                "is_gap": row.status == MaterialStatus.MISSING and row.required,
                "needs_check": row.status not in UNCHECKED,
                "when": condition_in_words(whole.definition, material) if material else "",
                "advice": material.advice if material else "",
                "grade": TrustGrade(row.grade).label if row.grade else "",
                **_file(row),
            }
        )
    return rows


def _label(row: CaseMaterial, under_way: Mapping[str, str]) -> str:
    if row.status == MaterialStatus.PAPER and row.code in under_way:
        return "代收的纸质件,在途"
    if row.is_deferred and row.status == MaterialStatus.MISSING:
        return "容缺,待补交"
    if row.status == MaterialStatus.MISSING and not row.required:
        return "未提交(非必要)"
    return MaterialStatus(row.status).label


def _file(row: CaseMaterial) -> dict[str, Any]:
    attachment = row.attachment
    if attachment is None:
        return {"file": None, "open_label": "登记已查看" if row.status == "PAPER" else "核对表单"}
    return file_of(attachment)


def file_of(attachment: Attachment) -> dict[str, Any]:
    """A file as the viewer shows it."""
    media = attachment.file.media_type
    return {
        "file": attachment,
        "size": file_row(attachment)["size"],
        "is_image": media in ("image/jpeg", "image/png"),
        "is_pdf": media == "application/pdf",
        "open_label": "打开文件",
    }


def gaps_of_form(whole: WholeCase) -> dict[str, str]:
    """What the latest answers lack, field → message."""
    return {p.field: p.message for p in check_form(whole.definition, whole.form)}


def line_rows(typed: Any, gaps: Mapping[str, str]) -> list[dict[str, str]]:
    """Free lines of the correction notice: as typed, else one for each gap of the form."""
    if "line-what" in typed:
        pairs = list(zip(typed.getlist("line-what"), typed.getlist("line-why"), strict=False))
    else:
        pairs = [("申请表", message) for message in gaps.values()]
    filled = [{"what": what, "why": why} for what, why in pairs if what or why]
    return filled + [{"what": "", "why": ""}] * EMPTY_LINES
