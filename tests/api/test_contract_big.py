"""What the OpenAPI document promises holds for whatever anybody sends, in every role.

Requests are generated from the document (right and wrong ones), sent in process, and their
answers checked against it. Each test runs inside one transaction that is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi import checks
from schemathesis.specs.openapi.schemas import OpenApiSchema
from tests.acting import accepted, actor, draft, received
from tests.api.calling import Caller

from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.people.public import Party
from yiwang.foundation.clockwork import now
from yiwang.site.api import api

pytestmark = pytest.mark.django_db
ROLES = {
    "anonymous": "",
    "citizen": "lin-xiaoman",
    "clerk": "he-window",
    "approver": "sun-approve",
}
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
]
WINDOW_ACTS = ("materials", "accept", "refer", "not-required", "decline", "correct", "request")
EXAMPLES = {GenerationMode.POSITIVE: 120, GenerationMode.NEGATIVE: 120}


@lru_cache(maxsize=1)
def contract() -> OpenApiSchema:
    """The document as the application serves it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


OPERATIONS = [
    (method, path)
    for path, operations in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items()
    for method in operations
]


@dataclass
class Target:
    """Something real that this role may act on, so that not every request ends in 404."""

    case: Case
    draft: Draft
    material: str
    step: str

    def aim(self, request: schemathesis.Case) -> None:
        """Turn valid but made-up identifiers into those of the target."""
        parts = dict(request.path_parameters or {})
        if str(parts.get("case_id", "")).isdigit() and int(parts["case_id"]) > 0:
            parts["case_id"] = self.case.pk
        if isinstance(parts.get("draft_id"), str) and len(parts["draft_id"]) == 36:
            parts["draft_id"] = str(self.draft.pk)
        if parts.get("code") and "materials" in request.path:
            parts["code"] = self.material
        request.path_parameters = parts
        body = request.body
        if isinstance(body, dict) and type(body.get("version")) is int and body["version"] >= 0:
            seen = self.draft if "drafts" in request.path else self.case
            body["version"] = seen.version
            if isinstance(body.get("step"), str):
                body["step"] = self.step


def target(role: str, path: str) -> Target:
    at = now()
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    if any(f"}}/{word}" in path for word in WINDOW_ACTS):
        case = received("food-business-licence", by=citizen, at=at)
    else:
        case = accepted("food-business-licence", by=citizen, clerk=clerk, at=at)
    owner = clerk if role == "clerk" else citizen
    row = draft(
        "food-business-licence",
        by=owner,
        at=at,
        applicant=Party.objects.get(pk=citizen.party_id),
        channel="WINDOW" if role == "clerk" else "ONLINE",
    )
    step = case.steps.filter(state="OPEN").values_list("code", flat=True).first()
    return Target(case, row, case.materials.first().code, step or "none")


@contextmanager
def one_connection() -> Iterator[None]:
    """A server closes its connection after a request, and with it the test's transaction."""
    hooks = (request_started, request_finished)
    for hook in hooks:
        hook.disconnect(close_old_connections)
    try:
        yield
    finally:
        for hook in hooks:
            hook.connect(close_old_connections)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part.strip("/"))
def test_every_answer_is_one_the_document_promises(role: str, method: str, path: str) -> None:
    cache.clear()
    found, caller = target(role, path), Caller(ROLES[role])
    headers = {"X-CSRFToken": caller.token, "Accept-Encoding": "identity"}
    cookies = {name: morsel.value for name, morsel in caller.client.cookies.items()}
    with one_connection():
        operation = contract()[path][method.upper()]
        for mode, number in EXAMPLES.items():
            check(operation, mode, number, found, headers=headers, cookies=cookies)


def check(
    operation: APIOperation,
    mode: GenerationMode,
    number: int,
    found: Target,
    *,
    headers: dict[str, str],
    cookies: dict[str, str],
) -> None:
    """Send `number` requests of a mode, the same ones in every run."""

    @settings(
        max_examples=number,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=operation.as_strategy(generation_mode=mode, cookies=cookies))
    def send(request: schemathesis.Case) -> None:
        found.case.refresh_from_db()
        found.aim(request)
        request.call_and_validate(checks=CHECKS, headers=headers)

    try:
        send()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing in this request can be wrong"
