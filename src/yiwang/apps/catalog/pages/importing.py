"""Taking a package in: paste or upload, see the difference, keep it as a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from yiwang.apps.catalog import permissions
from yiwang.apps.catalog.operations import CatalogError, ImportResult, import_package
from yiwang.apps.catalog.pages.tables import difference_table, reason_table
from yiwang.foundation.shell.access import staff_page

LARGEST = 1024 * 1024


@staff_page(permissions.EDIT)
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """GET the form; POST shows what would change, or (with `keep`) keeps it as the item's draft."""
    if request.method == "GET":
        return _page(request, "")
    text = request.POST.get("package", "")
    keep = "keep" in request.POST
    try:
        if not keep:
            text = _text(request) or text
        result = import_package(
            text=text,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
            dry_run=not keep,
        )
    except CatalogError as error:
        return _page(request, text, error=error)
    if result.version is None:
        return _page(request, text, result=result)
    messages.success(
        request, f"已保存为「{result.definition.name}」第 {result.version.number} 版草稿。"
    )
    return HttpResponseRedirect(f"/catalog/versions/{result.version.pk}/", status=303)


def _text(request: HttpRequest) -> str:
    """The uploaded file's text, "" where none was chosen. Raises CatalogError."""
    upload = request.FILES.get("file")
    if upload is None:
        return ""
    if (upload.size or 0) > LARGEST:
        raise CatalogError("事项包不能超过 1 MB。")
    try:
        return upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError("文件不是 UTF-8 编码的文本,请另存为 UTF-8 后再上传。") from error


def _page(
    request: HttpRequest,
    text: str,
    *,
    result: ImportResult | None = None,
    error: CatalogError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "package": {
            "name": "package",
            "label": "事项包内容(YAML)",
            "kind": "textarea",
            "rows": 12 if result else 20,
            "value": text,
        },
        "file": {
            "name": "file",
            "label": "上传事项包文件",
            "kind": "file",
            "accept": ".yaml,.yml",
            "is_optional": True,
            "hint": "选了文件就以文件为准,不超过 1 MB",
        },
        "result": result,
        "error": error,
        "errors": [{"text": error.message, "url": "#id_package"}] if error else [],
    }
    if error is not None and error.reasons:
        context["reasons"] = reason_table(error.reasons, "需要修改的地方")
    if result is not None:
        context["differences"] = difference_table(
            result.differences, "与现行版本的差异", result.definition
        )
        if result.reasons:
            context["reasons"] = reason_table(result.reasons, "还不能发布的原因")
    return render(request, "catalog/staff/import.html", context, status=422 if error else 200)
