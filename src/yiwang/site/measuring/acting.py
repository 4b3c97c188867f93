"""Cases on the way, made by the operations themselves: the demonstration's people by login, complete
drafts, cases received, accepted, reviewed. For the measures and for the tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.apps.cases.models import Case, CaseChannel, CaseMaterial, Draft, ReviewStep
from yiwang.apps.cases.operations import drafts, filing, receiving, reviewing
from yiwang.apps.catalog.public import Definition, current_version, definition_of
from yiwang.apps.people.models import Account
from yiwang.apps.people.public import Hall, Party
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import Actor
from yiwang.kernel.moment import civil_date

PATTERNS = {
    "^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$": "2601-990102-04-01-123456",
    "^[0-9A-Z]{28}$": "990102001001GB00001F00010001",
}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def actor(login: str, at: datetime) -> Actor:
    """A demonstration account's actor."""
    account = Account.objects.get(login=login)
    signed_in = load_actor(account.pk, at=at)
    assert signed_in is not None
    return signed_in.actor


def answers_for(definition: Definition) -> dict[str, Any]:
    """A valid set of answers, made from the item's own schema."""
    schema = definition.form.schema_
    return {
        name: _example(part)
        for name, part in schema["properties"].items()
        if name in schema.get("required", ())
    }


def _example(schema: dict[str, Any]) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "oneOf" in schema:
        return schema["oneOf"][0]["const"]
    match schema.get("type"):
        case "integer" | "number":
            return max(schema.get("minimum", 1), 1)
        case "boolean":
            return False
        case "array":
            return [_example(schema["items"])]
    if schema.get("x-widget") == "idcard":
        return "11010519491231002X"
    if "pattern" in schema:
        return PATTERNS[schema["pattern"]]
    return {
        "date": "2026-01-15",
        "phone": "19900000001",
        "resident-id": "11010519491231002X",
        "uscc": "91350100M000100Y43",
    }.get(schema.get("format", ""), _text(schema))


def _text(schema: dict[str, Any]) -> str:
    text = "演示内容" * 10
    return text[: min(max(schema.get("minLength", 2), 4), schema.get("maxLength", 40))]


def draft(
    item: str,
    *,
    by: Actor,
    at: datetime,
    applicant: Party | None = None,
    channel: str = CaseChannel.ONLINE,
    hall: str = "yecheng-hall",
) -> Draft:
    """A complete draft: form filled in, a file for every material not held."""
    version = current_version(item, today=civil_date(at))
    assert version is not None
    party = applicant or Party.objects.get(account=by.account_id)
    row = drafts.start_draft(
        version=version,
        applicant=party,
        hall=Hall.objects.get(slug=hall),
        channel=channel,
        actor=by,
        at=at,
        form=answers_for(version.definition),
    )
    for material in version.definition.materials:
        if material.source != "FORM":
            drafts.add_file(
                draft_id=row.pk, code=material.code, name="材料.pdf", content=PDF, actor=by, at=at
            )
    return row


def received(item: str, *, by: Actor, at: datetime, **more: Any) -> Case:
    return filing.submit(draft_id=draft(item, by=by, at=at, **more).pk, actor=by, at=at)


def tick_all(case: Case, *, clerk: Actor, at: datetime) -> None:
    """Open every file and tick every point, as a clerk does."""
    definition = definition_of(case.item_version_id)
    for row in CaseMaterial.objects.filter(case=case).exclude(status="HELD"):
        material = definition.material(row.code)
        assert material is not None
        receiving.open_material(case_id=case.pk, code=row.code, actor=clerk, at=at)
        receiving.tick(
            case_id=case.pk,
            code=row.code,
            points=[p.code for p in material.points],
            actor=clerk,
            at=at,
        )


def accepted(item: str, *, by: Actor, clerk: Actor, at: datetime, **more: Any) -> Case:
    case = received(item, by=by, at=at, **more)
    tick_all(case, clerk=clerk, at=at)
    return receiving.accept(case_id=case.pk, actor=clerk, at=at)


def second_person(step: ReviewStep, reviewer: Actor, at: datetime) -> str:
    """The account of a colleague, where the step needs two people."""
    if step.people == 1:
        return ""
    organ = Case.objects.values_list("organ_id", flat=True).get(pk=step.case_id)
    return reviewing.second_people(organ, reviewer, at)[0][0]


def reviewed(case: Case, *, reviewer: Actor, at: datetime) -> Case:
    """Give an agreeing opinion on every step up to the decision."""
    while True:
        step = (
            ReviewStep.objects.filter(case=case, state="OPEN")
            .exclude(job="decide")
            .order_by("id")
            .first()
        )
        if step is None:
            return Case.objects.get(pk=case.pk)
        reviewing.give_opinion(
            case_id=case.pk,
            step=step.code,
            conclusion="AGREE",
            opinion="材料属实,符合要求。",
            second_person=second_person(step, reviewer, at),
            actor=reviewer,
            at=at,
        )
