"""Opening the steps of a route as their predecessors finish, and the automatic check."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from yiwang.apps.cases.models import NEVER, ReviewStep
from yiwang.apps.cases.operations.act import Act
from yiwang.apps.cases.operations.contents import latest_form
from yiwang.apps.cases.operations.originals import want_originals
from yiwang.apps.catalog.public import RouteStep
from yiwang.foundation.calendars.current import calendar
from yiwang.kernel.clock import Limit, StartEvent, deadline
from yiwang.kernel.identifiers import papers as papers_of
from yiwang.kernel.identifiers import resident_id
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date
from yiwang.kernel.rules import decide, load


def open_steps(act: Act, *, done: frozenset[str]) -> None:
    """Open every step whose predecessors are all done and which is not open or done itself."""
    done = done | skipped_by(act)
    known = set(done) | {step.code for step in act.steps}
    for step in act.definition.route:
        if step.code not in known and set(step.after) <= done:
            act.steps.append(opened_step(act, step))
    if any(step.job == "decide" for step in act.steps):
        want_originals(act)


def skipped_by(act: Act) -> frozenset[str]:
    """Steps that a commitment moves behind the decision (告知承诺)."""
    commitment = act.definition.commitment(act.case.commitment) if act.case.commitment else None
    return frozenset(commitment.skips) if commitment else frozenset()


def opened_step(act: Act, step: RouteStep, *, number: int = 1) -> ReviewStep:
    """The row of a step that waits from now on; `number` counts how often it was opened."""
    limit = Limit.parse(step.limit, start=StartEvent.STEP_OPENED)
    due = deadline(act.at, limit, calendar())
    return ReviewStep(
        case=act.case,
        code=step.code,
        round=number,
        name=step.name,
        job=step.job,
        queue=f"{act.case.organ_id}:{step.job}",
        state="OPEN",
        limit=step.limit,
        people=step.people,
        opened_at=act.at,
        due_on=due.due_on,
        sort_due_at=due.due_at or NEVER,
    )


def instant_verdict(act: Act) -> dict[str, Any] | None:
    """What the item's decision table says of this case: a proposal that a person confirms.

    None where the item has no table. The verdict keeps the rule version and the values it read.
    """
    rules = act.definition.instant_rules
    if rules is None:
        return None
    table = load(rules)
    facts = {**_form_facts(latest_form(act)), **applicant_facts(act)}
    verdict = decide(table, {name: facts.get(name) for name in (i.name for i in table.inputs)})
    return {
        **verdict.as_json(),
        "labels": {i.name: i.label for i in table.inputs},
        "to_person": verdict.is_to_person,
    }


def _form_facts(form: dict[str, Any]) -> dict[str, Any]:
    """Answers as facts under names of their own (`form_…`): nobody may grant themselves an age or
    a household by typing it. Decimals come as text's exact value."""
    return {
        f"form_{name}": Decimal(str(value)) if isinstance(value, float) else value
        for name, value in form.items()
    }


def applicant_facts(act: Act) -> dict[str, Any]:
    """Facts of a natural applicant that the city knows; a fact it does not know is absent."""
    party = act.case.applicant
    if not party.is_natural or party.paper_kind != PaperKind.RESIDENT_ID:
        return {}
    number = papers_of.normalise(PaperKind.RESIDENT_ID, party.paper_number)
    facts: dict[str, Any] = {"age_years": age_on(resident_id.birth_on(number), civil_date(act.at))}
    if party.area_id is not None:
        facts["household_in_province"] = True
    return facts


def age_on(born: date, on: date) -> int:
    """Whole years: a birthday of 29 February is reached on 1 March of other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
