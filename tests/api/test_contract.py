"""What the OpenAPI document promises holds for whatever anybody sends, in every role.

Requests are generated from the document (right and wrong ones), sent in process, and their
answers checked against it. Each test runs inside one transaction that is rolled back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from tests.partners.helping import System, client_of

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
ITEM = "food-business-licence"
BEFORE_ACCEPTANCE = (
    "materials",
    "accept",
    "refer",
    "not-required",
    "decline",
    "correct",
    "request",
)
RIGHT, WRONG = 4, 3


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

    case: Case | None = None
    draft: Draft | None = None

    def aim(self, request: schemathesis.Case) -> None:
        """Turn valid but made-up identifiers into those of the target."""
        parts = dict(request.path_parameters or {})
        if self.case and str(parts.get("case_id", "")).isdigit() and int(parts["case_id"]) > 0:
            parts["case_id"] = self.case.pk
            if re.fullmatch("[a-z][a-z0-9_]{0,39}", str(parts.get("code", ""))):
                parts["code"] = self.case.materials.first().code
        if self.draft and len(str(parts.get("draft_id", ""))) == 36:
            parts["draft_id"] = str(self.draft.pk)
        request.path_parameters = parts
        seen = self.case or self.draft
        body = request.body
        if seen and isinstance(body, dict) and type(body.get("version")) is int:
            seen.refresh_from_db()
            if 0 <= body["version"] < 2**31:
                body["version"] = seen.version
            if self.case and isinstance(body.get("step"), str):
                step = self.case.steps.filter(state="OPEN").exclude(job="decide").first()
                body["step"] = step.code if step else "none"


def target(role: str, path: str) -> Target:
    at = now()
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    if "{draft_id}" in path:
        owner, channel = (clerk, "WINDOW") if role == "clerk" else (citizen, "ONLINE")
        party = Party.objects.get(pk=citizen.party_id)
        return Target(draft=draft(ITEM, by=owner, at=at, applicant=party, channel=channel))
    if "{case_id}" not in path or role == "anonymous":
        return Target()
    if any(f"}}/{word}" in path for word in BEFORE_ACCEPTANCE):
        return Target(case=received(ITEM, by=citizen, at=at))
    return Target(case=accepted(ITEM, by=citizen, clerk=clerk, at=at))


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


MINE = "taolin-market"  # of the system that calls with a token and every scope


def of_my_organ() -> Case:
    """A case in review of the client's own organ, so that its acts find something."""
    at = now()
    citizen, clerk = actor("lin-xiaoman", at), actor("chen-window", at)
    return accepted(ITEM, by=citizen, clerk=clerk, at=at, hall="taolin-hall")


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part.strip("/"))
def test_a_clients_answers_are_promised_too(method: str, path: str) -> None:
    cache.clear()
    found = Target(case=of_my_organ()) if "{case_id}" in path else Target()
    system = System(*client_of(now(), organ=MINE))
    headers = {"Authorization": f"Bearer {system.token}", "Accept-Encoding": "identity"}
    with one_connection():
        operation = contract()[path][method.upper()]
        checked(operation, GenerationMode.POSITIVE, RIGHT, found, headers, {})
        with suppress(Unsatisfiable):
            checked(operation, GenerationMode.NEGATIVE, WRONG, found, headers, {})


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part.strip("/"))
def test_every_answer_is_one_the_document_promises(role: str, method: str, path: str) -> None:
    cache.clear()
    found, caller = target(role, path), Caller(ROLES[role])
    with one_connection():
        operation = contract()[path][method.upper()]
        send(operation, GenerationMode.POSITIVE, RIGHT, found, caller)
        with suppress(Unsatisfiable):  # where nothing in a request can be wrong
            send(operation, GenerationMode.NEGATIVE, WRONG, found, caller)


def send(
    operation: APIOperation, mode: GenerationMode, number: int, found: Target, caller: Caller
) -> None:
    """Send `number` requests of a mode as this caller."""
    headers = {"X-CSRFToken": caller.token, "Accept-Encoding": "identity"}
    cookies = {name: morsel.value for name, morsel in caller.client.cookies.items()}
    checked(operation, mode, number, found, headers, cookies)


def checked(
    operation: APIOperation,
    mode: GenerationMode,
    number: int,
    found: Target,
    headers: dict[str, str],
    cookies: dict[str, str],
) -> None:
    """Requests of a mode, the same ones in every run; their answers are checked."""

    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(request=operation.as_strategy(generation_mode=mode, cookies=cookies))
    def one(request: schemathesis.Case) -> None:
        found.aim(request)
        request.call_and_validate(checks=CHECKS, headers=headers)

    one()
