"""The API application: errors in one shape, a complete OpenAPI document, no page in between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    RawPostDataException,
    UnreadablePostError,
)
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import REF_TEMPLATE, OpenAPISchema
from ninja.renderers import BaseRenderer
from pydantic_core import to_json

from yiwang.foundation.api.declaring import problems
from yiwang.foundation.api.messages import fields_of
from yiwang.foundation.api.parsing import StrictParser
from yiwang.foundation.api.problem import Problem, ProblemError, problem_response
from yiwang.foundation.shell.access import RULE

Foreseen = Callable[[Exception], ProblemError | None]
log = logging.getLogger("yiwang.request")


class PlainJson(BaseRenderer):
    """Chinese stays readable, and half as long."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return to_json(data)


class Api(NinjaAPI):
    """`foreseen` says which problem an exception of the domain is; None is a fault of ours.

    `opened_by` names the scopes that open an operation to a client's token, `scopes` their words.
    """

    def __init__(
        self,
        *,
        foreseen: Foreseen,
        opened_by: Mapping[str, Sequence[str]] | None = None,
        scopes: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(renderer=PlainJson(), parser=StrictParser(), docs_url=None, **more)
        self._foreseen = foreseen
        self._opened_by, self._scopes = opened_by or {}, dict(scopes or {})
        self._document: OpenAPISchema | None = None

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Every exception ends here, as a problem."""
        return problem_response(request, self._problem(exc))

    def _problem(self, error: Exception) -> ProblemError:
        if isinstance(error, HttpError) and isinstance(error.__cause__, ProblemError):
            error = error.__cause__  # what our parser raised, wrapped by the framework
        if isinstance(error, ProblemError):
            return error
        found = _technical(error) or self._foreseen(error)
        if found is not None:
            return found
        log.error("unexpected", exc_info=error)
        return ProblemError(
            "unexpected",
            "系统出现问题,您的操作没有生效。请稍后再试;仍不行,请把 reference 告诉我们。",
        )

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The document, with every refusal declared; made once, since it takes a tenth of a
        second and anybody may ask for it."""
        if self._document is None:
            self._document = self._documented(super().get_openapi_schema(**more))
        return self._document

    def _documented(self, schema: OpenAPISchema) -> OpenAPISchema:
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template=REF_TEMPLATE
        )
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"] |= problems(_mistakes(operation))
                _close_form(operation)
                self._tell_scopes(operation)
        schemes = schema["components"]["securitySchemes"]
        schemes["BearerToken"]["flows"]["clientCredentials"]["scopes"] = self._scopes
        return schema

    def _tell_scopes(self, operation: dict[str, Any]) -> None:
        """A token of any one of these scopes; where there is none, a token opens nothing."""
        if not operation.get("security"):
            return
        names = self._opened_by.get(operation["operationId"], ())
        session = [way for way in operation["security"] if "BearerToken" not in way]
        operation["security"] = session + [{"BearerToken": [name]} for name in names]

    def routes(self) -> list[Any]:
        """URL patterns: a wrong method and an unknown address are problems too."""
        patterns, _, _ = self.urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _as_problem(pattern.callback)
        return [*patterns, re_path(r"", _unknown_address)]


def _mistakes(operation: dict[str, Any]) -> set[int]:
    """The statuses of what can be got wrong in a request of this operation."""
    if "requestBody" in operation:
        return {400, 413, 415, 422}
    names = {parameter["name"] for parameter in operation["parameters"]}
    return ({422} if names else set()) | ({400} if "after" in names else set())


def _close_form(operation: dict[str, Any]) -> None:
    """A multipart form has no other fields either (`parsing.only`)."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        content["multipart/form-data"]["schema"]["additionalProperties"] = False


def _technical(error: Exception) -> ProblemError | None:
    """What is wrong with the request itself."""
    if isinstance(error, ValidationError):
        return ProblemError(
            "invalid-input", "有内容需要修改,请看 fields。", fields=fields_of(error.errors)
        )
    if isinstance(error, RequestDataTooBig):
        return ProblemError("too-large", "提交的内容太大,请压缩或分开提交。")
    if isinstance(error, RawPostDataException):
        return ProblemError("unsupported-media-type", "这个操作的内容要用 application/json 提交。")
    if isinstance(
        error, MultiPartParserError | BadRequest | SuspiciousOperation | UnreadablePostError
    ):
        return ProblemError("malformed-request", "看不懂提交的内容,请检查格式后再试。")
    return None


def _as_problem(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:  # the framework's own root
            return _unknown_address(request)
        response.setdefault("Cache-Control", "no-store")
        if response.status_code != 405:
            return response
        allowed = ", ".join(sorted(response["Allow"].split(", ")))
        return problem_response(
            request,
            ProblemError(
                "method-not-allowed",
                f"这个地址只支持 {allowed}。",
                headers={"Allow": allowed},
            ),
        )

    setattr(answered, RULE, "api")
    return answered


def _unknown_address(request: HttpRequest) -> HttpResponse:
    error = ProblemError("not-found", "没有这个地址,请查阅 /api/v1/openapi.json。")
    return problem_response(request, error)


_unknown_address.csrf_exempt = True  # type: ignore[attr-defined]
setattr(_unknown_address, RULE, "public")
