"""Idempotency-Key: a request that is sent again is answered again and done once.

Key, act and answer are one transaction. Of two requests at once the second waits at the key's
unique index until the first has committed, and reads its answer; when the first is killed
everything of it is undone, and the second does the act. Two statements more than without.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from yiwang.apps.partners.models import KeyedRequest
from yiwang.foundation.api.problem import ProblemError, problem_response
from yiwang.foundation.clockwork import offset
from yiwang.foundation.secrets import keyring

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{8,120}")
_PURPOSE = "partners_keyedrequest.answer"
# What may become another answer a moment later is not kept: the caller asks again.
_NOT_KEPT = frozenset({401, 403, 429})

# An old row of the same key is begun anew; a live one is left as it is and locked.
_CLAIM = """
    INSERT INTO partners_keyedrequest AS k
        (client_id, key, fingerprint, asked_at, operation, content_type)
    VALUES (%(client)s, %(key)s, %(fingerprint)s, %(at)s, '', '')
    ON CONFLICT (client_id, key) DO UPDATE SET
        fingerprint = CASE WHEN k.asked_at < %(before)s
                           THEN excluded.fingerprint ELSE k.fingerprint END,
        status = CASE WHEN k.asked_at < %(before)s THEN NULL ELSE k.status END,
        answer = CASE WHEN k.asked_at < %(before)s THEN NULL ELSE k.answer END,
        asked_at = CASE WHEN k.asked_at < %(before)s THEN excluded.asked_at ELSE k.asked_at END
    RETURNING id, fingerprint, status, content_type, answer, operation
"""


def answer(request: HttpRequest, key: str, view: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer kept under this key, or the view's own."""
    if not _KEY.fullmatch(key):
        return problem_response(
            request,
            ProblemError(
                "malformed-request", "Idempotency-Key 要用 8 到 120 个可见的 ASCII 字符。"
            ),
        )
    try:
        fingerprint = _fingerprint(request)
    except (RequestDataTooBig, MultiPartParserError, UnreadablePostError, ValueError):
        return view()  # which says what is wrong with it, and does nothing
    with transaction.atomic():
        row = _claim(request, key, fingerprint)
        if row[2] is not None:
            return _again(request, row, fingerprint)
        response = view()
        if _is_kept(response) and not connection.needs_rollback:
            _keep(row[0], request, response)
        else:
            transaction.set_rollback(True)
    return response


def _claim(request: HttpRequest, key: str, fingerprint: bytes) -> tuple[Any, ...]:
    actor = request.actor  # type: ignore[attr-defined]
    real = request.at - offset()  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "client": int(actor.ref.partition(":")[2]),
                "key": key,
                "fingerprint": fingerprint,
                "at": real,
                "before": real - KEPT,
            },
        )
        found: tuple[Any, ...] = cursor.fetchone()
    return found


def _again(request: HttpRequest, row: tuple[Any, ...], fingerprint: bytes) -> HttpResponse:
    _, known, status, content_type, sealed, operation = row
    if bytes(known) != fingerprint:
        return problem_response(
            request,
            ProblemError("conflict", "这个 Idempotency-Key 已用于另一个请求,请换一个新的。"),
        )
    bearer = request.bearer  # type: ignore[attr-defined]
    if operation not in bearer.operations:
        return problem_response(
            request, ProblemError("no-permission", "这个访问令牌没有这项操作的权限范围。")
        )
    body = keyring().decrypt(sealed, purpose=_PURPOSE)
    response = HttpResponse(body, content_type=content_type, status=status)
    response["Cache-Control"] = "no-store"
    response["Idempotency-Replayed"] = "true"
    return response


def _is_kept(response: HttpResponse) -> bool:
    return response.status_code < 500 and response.status_code not in _NOT_KEPT


def _keep(row_id: int, request: HttpRequest, response: HttpResponse) -> None:
    KeyedRequest.objects.filter(pk=row_id).update(
        status=response.status_code,
        content_type=response["Content-Type"],
        answer=response.content.decode(),
        operation=request.bearer.operation,  # type: ignore[attr-defined]
    )


def _fingerprint(request: HttpRequest) -> bytes:
    """Method, address and content; of a form its parts, since its separators are made up anew."""
    found = hashlib.sha256()
    for part in _parts(request):
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.digest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield (request.method or "").encode()
    yield request.get_full_path().encode()
    yield (request.content_type or "").encode()
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    for name, values in sorted(request.POST.lists()):
        yield name.encode()
        yield from (str(value).encode() for value in values)
    for name, files in sorted(request.FILES.lists()):
        yield name.encode()
        for file in files:
            yield (file.name or "").encode()
            yield hashlib.sha256(file.read()).digest()
            file.seek(0)
