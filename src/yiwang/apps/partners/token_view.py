"""`POST /api/v1/token`: outside the API's own document, since its errors are RFC 6749's."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from yiwang.apps.partners.tokens import TokenRefusedError, grant
from yiwang.foundation.shell.access import public_page

_FORM = "application/x-www-form-urlencoded"


@csrf_exempt  # no cookie is looked at: whoever calls proves the client's key
@public_page
def token(request: HttpRequest) -> HttpResponse:
    """A bearer token for half an hour."""
    if request.method != "POST":
        response = refused("invalid_request", "请用 POST 获取令牌。", 405)
        response["Allow"] = "POST"
        return response
    try:
        identifier, secret = client_in(request)
        if request.POST.get("grant_type") != "client_credentials":
            raise TokenRefusedError(*_wrong_grant(request))
        granted = grant(
            identifier=identifier,
            secret=secret,
            scope=request.POST.get("scope", ""),
            address=request.META.get("REMOTE_ADDR") or "",
            at=request.at,  # type: ignore[attr-defined]
        )
    except TokenRefusedError as error:
        return refused(error.code, error.message, 401 if error.code == "invalid_client" else 400)
    return json_answer(
        {
            "access_token": granted.token,
            "token_type": "Bearer",
            "expires_in": granted.seconds,
            "scope": " ".join(granted.scopes),
        }
    )


def _wrong_grant(request: HttpRequest) -> tuple[str, str]:
    if not request.POST.get("grant_type"):
        return "invalid_request", "缺少 grant_type。"
    return "unsupported_grant_type", "只支持 grant_type=client_credentials。"


def client_in(request: HttpRequest) -> tuple[str, str]:
    """Identifier and key, from the header or from the form, never from both (RFC 6749 §2.3)."""
    if request.content_type != _FORM or any(len(values) > 1 for _, values in request.POST.lists()):
        raise TokenRefusedError("invalid_request", f"请用 {_FORM} 提交,每个参数只写一次。")
    header = request.headers.get("Authorization", "")
    in_form = "client_secret" in request.POST
    if header and in_form:
        raise TokenRefusedError("invalid_request", "密钥请只放在一个地方。")
    if header:
        found = _basic(header)
    else:
        found = request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    if not all(found) or any("\0" in part for part in found):
        raise TokenRefusedError("invalid_client", "缺少接入标识或密钥。")
    return found


def _basic(header: str) -> tuple[str, str]:
    kind, _, text = header.partition(" ")
    try:
        plain = base64.b64decode(text.strip(), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise TokenRefusedError("invalid_client", "Authorization 头的格式不对。") from error
    if kind.lower() != "basic":
        raise TokenRefusedError("invalid_client", "获取令牌请用 Basic 方式证明身份。")
    identifier, _, secret = plain.partition(":")
    return unquote_plus(identifier), unquote_plus(secret)


def refused(code: str, message: str, status: int) -> HttpResponse:
    response = json_answer({"error": code, "error_description": message}, status)
    if status == 401:
        response["WWW-Authenticate"] = 'Basic realm="yiwang"'
    return response


def json_answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response
