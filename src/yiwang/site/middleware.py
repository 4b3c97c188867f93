"""Edges of every request: structured log, content policy, errors in words."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from yiwang.apps.archives.errors import ArchiveError, PackageNotFoundError
from yiwang.apps.cases.errors import (
    CaseError,
    CaseNotFoundError,
    ConflictError,
    InvalidInputError,
)
from yiwang.apps.certificates.errors import CertificateError, CertificateNotFoundError
from yiwang.apps.certificates.errors import InvalidActError as InvalidCertificateActError
from yiwang.apps.enquiries.errors import EnquiryError, EnquiryNotFoundError
from yiwang.apps.enquiries.errors import InvalidActError as InvalidEnquiryError
from yiwang.apps.hall.errors import HallError, HallNotFoundError
from yiwang.apps.hall.errors import InvalidActError as InvalidHallActError
from yiwang.apps.oversight.errors import CheckNotFoundError, OversightError
from yiwang.apps.oversight.errors import InvalidActError as InvalidCheckError
from yiwang.apps.people.public import AuthorityError, AuthorityNotFoundError
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.lists import BadCursorError
from yiwang.foundation.record.writing import RecordTakenError
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.errors import error_page

Next = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("yiwang.request")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'; object-src 'none'; frame-src 'self'"
)


class RequestLog:
    """One line a request: method, route, status, milliseconds, actor; never a query or a body."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        request.reference = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.reference  # type: ignore[attr-defined]
        match = getattr(request, "resolver_match", None)
        actor = getattr(request, "actor", None)
        level = logging.WARNING if response.status_code >= 500 else logging.DEBUG
        log.log(
            level,
            "request",
            extra={
                "fields": {
                    "method": request.method,
                    "route": match.route if match else "",
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - begun) * 1000, 1),
                    "actor": actor.ref if actor else "",
                    "reference": request.reference,  # type: ignore[attr-defined]
                }
            },
        )
        return response


class ContentSecurityPolicy:
    """A policy without exceptions: everything comes from here, nothing is inline."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Cache-Control", "no-store")
        return response


class PlainErrors:
    """What a view did not translate itself becomes a page that says what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None
        status = status_of(error)
        if status is None:
            return None
        return error_page(request, status, str(getattr(error, "message", "") or ""))


def status_of(error: Exception) -> int | None:
    """The HTTP status of a domain error, or None for one nobody foresaw."""
    for kind, status in (
        (CaseNotFoundError, 404),
        (CertificateNotFoundError, 404),
        (CheckNotFoundError, 404),
        (EnquiryNotFoundError, 404),
        (HallNotFoundError, 404),
        (Http404, 404),
        (AuthorityNotFoundError, 404),
        (AccessDeniedError, 403),
        (PermissionDenied, 403),
        (ConflictError, 409),
        (TransitionNotAllowedError, 409),
        (InvalidInputError, 422),
        (InvalidCertificateActError, 422),
        (InvalidCheckError, 422),
        (InvalidEnquiryError, 422),
        (InvalidHallActError, 422),
        (CaseError, 409),
        (CertificateError, 409),
        (PackageNotFoundError, 404),
        (ArchiveError, 409),
        (OversightError, 409),
        (EnquiryError, 409),
        (HallError, 409),
        (AuthorityError, 409),
        (RecordTakenError, 409),
        (FileRefusedError, 422),
        (BadCursorError, 400),
    ):
        if isinstance(error, kind):
            return status
    return None
