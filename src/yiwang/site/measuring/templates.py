"""The few real cases every bulk case is a clone of, made by the operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.cases.models import Case, CaseChannel, CaseMaterial, Draft, ReviewStep
from yiwang.apps.cases.operations import deciding, drafts, filing, receiving, reviewing
from yiwang.apps.catalog.public import current_version, definition_of
from yiwang.apps.people.models import Account
from yiwang.apps.people.public import Hall, Party
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.access import Actor
from yiwang.kernel.moment import civil_date

ITEM = "food-business-licence"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass(frozen=True, slots=True)
class Templates:
    draft_id: str
    ready_to_accept: Case
    in_review: Case
    ready_to_decide: Case
    completed: Case


def make_templates(*, at: datetime) -> Templates:
    """One case in each state the bench needs, and a complete draft."""
    people = {name: _actor(name, at) for name in
              ("lin-xiaoman", "he-window", "zhao-review", "sun-approve")}  # fmt: skip
    citizen, clerk = people["lin-xiaoman"], people["he-window"]

    def received() -> Case:
        case = filing.submit(draft_id=_draft(citizen, at).pk, actor=citizen, at=at)
        _tick(case, clerk, at)
        return Case.objects.get(pk=case.pk)

    def accepted() -> Case:
        return receiving.accept(case_id=received().pk, actor=clerk, at=at)

    def reviewed() -> Case:
        case = accepted()
        while step := (
            ReviewStep.objects.filter(case=case, state="OPEN").exclude(job="decide").first()
        ):
            reviewing.give_opinion(
                case_id=case.pk, step=step.code, conclusion="AGREE", opinion="符合要求",
                second_person="张同行" if step.people > 1 else "",
                actor=people["zhao-review"], at=at,
            )  # fmt: skip
        return Case.objects.get(pk=case.pk)

    done = deciding.grant(case_id=reviewed().pk, actor=people["sun-approve"], at=at)
    return Templates(str(_draft(citizen, at).pk), received(), accepted(), reviewed(), done)


def _actor(login: str, at: datetime) -> Actor:
    found = load_actor(Account.objects.get(login=login).pk, at=at)
    assert found is not None
    return found.actor


def _draft(by: Actor, at: datetime) -> Draft:
    version = current_version(ITEM, today=civil_date(at))
    assert version is not None
    schema = version.definition.form.schema_
    form = {n: _answer(p) for n, p in schema["properties"].items() if n in schema["required"]}
    row = drafts.start_draft(
        version=version, applicant=Party.objects.get(account=by.account_id), channel=CaseChannel.ONLINE,
        hall=Hall.objects.get(slug="yecheng-hall"), actor=by, at=at, form=form,
    )  # fmt: skip
    for material in version.definition.materials:
        drafts.add_file(
            draft_id=row.pk, code=material.code, name="材料.pdf", content=PDF, actor=by, at=at
        )
    return row


def _answer(schema: dict[str, Any]) -> Any:
    """A valid answer to a question of the item's form."""
    if "const" in schema:
        return schema["const"]
    options = schema.get("enum") or [o["const"] for o in schema.get("oneOf", ())]
    if options:
        return options[0]
    if schema.get("type") == "array":
        return [_answer(schema["items"])]
    simple = {"integer": 60, "number": 60, "boolean": False}.get(schema.get("type", ""))
    if simple is not None:
        return simple
    text = {"date": "2026-01-15", "phone": "19900000001", "uscc": "91350100M000100Y43",
            "resident-id": "11010519491231002X"}.get(schema.get("format", ""))  # fmt: skip
    return text or "演示内容"[: schema.get("maxLength", 4)] * max(
        1, schema.get("minLength", 1) // 4 + 1
    )


def _tick(case: Case, clerk: Actor, at: datetime) -> None:
    definition = definition_of(case.item_version_id)
    for row in CaseMaterial.objects.filter(case=case).exclude(status="HELD"):
        material = definition.material(row.code)
        assert material is not None
        receiving.open_material(case_id=case.pk, code=row.code, actor=clerk, at=at)
        receiving.tick(
            case_id=case.pk, code=row.code, points=[p.code for p in material.points],
            actor=clerk, at=at,
        )  # fmt: skip
