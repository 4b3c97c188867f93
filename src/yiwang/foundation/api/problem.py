"""One shape for everything that goes wrong: RFC 9457 `application/problem+json`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"

# kind → (status, title). The type of a problem is `urn:yiwang:problem:<kind>`.
KINDS: dict[str, tuple[int, str]] = {
    "malformed-request": (400, "请求的格式不对"),
    "signed-out": (401, "请先登录"),
    "no-permission": (403, "没有权限"),
    "unsafe-request": (403, "安全校验没有通过"),
    "not-found": (404, "没有找到"),
    "method-not-allowed": (405, "这个地址不支持这种操作"),
    "not-now": (409, "现在不能办理"),
    "conflict": (409, "内容已经有了更新"),
    "too-large": (413, "提交的内容太大"),
    "unsupported-media-type": (415, "内容类型不对"),
    "invalid-input": (422, "有内容需要修改"),
    "too-many-requests": (429, "次数太多"),
    "unexpected": (500, "系统出现问题"),
}
_OF_STATUS = {status: kind for kind, (status, _) in reversed(KINDS.items())} | {409: "not-now"}


class Problem(BaseModel):
    """A problem. `fields` maps a field's name to what to do about it; `reference` names the
    request in the log. All texts are Chinese and say what to do."""

    type: str = Field(pattern="^urn:yiwang:problem:[a-z-]+$")
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    fields: dict[str, str] = Field(default_factory=dict)
    reference: str


class ProblemError(Exception):
    """Stop here with this problem."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        fields: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.fields, self.headers = dict(fields or {}), dict(headers or {})


def kind_of(status: int) -> str:
    """The first kind with this status."""
    return _OF_STATUS[status]


def problem_response(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """The response of a problem; never cached."""
    status, title = KINDS[error.kind]
    body: dict[str, object] = {
        "type": f"urn:yiwang:problem:{error.kind}",
        "title": title,
        "status": status,
        "detail": error.detail,
        "reference": getattr(request, "reference", ""),
    }
    if error.fields:
        body["fields"] = error.fields
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=status
    )
    response["Cache-Control"] = "no-store"
    for name, value in error.headers.items():
        response[name] = value
    return response
