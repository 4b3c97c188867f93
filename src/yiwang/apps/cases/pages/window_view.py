"""What the window's pages show: who is here, which items, the form with its materials."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from yiwang.apps.cases import permissions
from yiwang.apps.cases.archive import asks_original, earlier_materials
from yiwang.apps.cases.domain.machine import FINALS
from yiwang.apps.cases.models import Case, Draft, GreenChannel
from yiwang.apps.cases.operations.holdings import held_for
from yiwang.apps.cases.operations.reusing import reused_fields
from yiwang.apps.cases.operations.taking import (
    hand_over_due,
    handled_by,
    right_halls,
    window_posting,
)
from yiwang.apps.cases.pages.applying import earlier_row
from yiwang.apps.cases.pages.staff_fields import error_list, field, form_fields
from yiwang.apps.cases.pages.strips import small_strip
from yiwang.apps.catalog.public import (
    CurrentVersion,
    Definition,
    check_form,
    condition_in_words,
    current_versions,
    definition_of,
    is_out,
    search_items,
)
from yiwang.apps.people.public import (
    MandateAct,
    Party,
    PartyKind,
    Served,
    residency,
    served_by,
)
from yiwang.foundation.access import Actor
from yiwang.foundation.files.models import Attachment
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.masking import MaskKind, mask, mask_paper
from yiwang.kernel.moment import civil_date

Token = Callable[[int, int | None], str]
STEPS = ("核对身份", "选择事项", "表单和材料", "收件凭证")


def steps(now: int) -> list[dict[str, str]]:
    """The four steps, the `now`-th (from 0) under way."""
    words = ["done"] * now + ["now"] + ["next"] * (len(STEPS) - now - 1)
    return [{"label": label, "state": word} for label, word in zip(STEPS, words, strict=True)]


def person_context(typed: Any, errors: dict[str, str], actor: Actor) -> dict[str, Any]:
    """Step 1; a clerk's own unfinished work is one key away."""
    papers = tuple((k.value, k.label) for k in PaperKind if k is not PaperKind.USCC)
    kinds = tuple((k.value, k.label) for k in PartyKind if k is not PartyKind.NATURAL_PERSON)

    def one(name: str, label: str, default: str = "", **more: Any) -> dict[str, Any]:
        value, error = typed.get(name, default), errors.get(name, "")
        return field(name, label, value=value, error=error, autocomplete="off", **more)

    person = [
        one("paper_number", "证件号码", kind="idcard", width="w-20", hint="读卡或输入后按回车"),
        one("paper_kind", "证件类型", "RESIDENT_ID", kind="select", options=papers),
        one("name", "姓名", width="w-20", is_optional=True, hint="登记过的可以不填,由证件查出。"),
        one("phone", "手机号码", kind="phone", width="w-12", is_optional=True),
    ]
    organisation = [
        one("uscc", "统一社会信用代码", width="w-20"),
        one("organisation", "单位名称", width="w-full", hint="登记过的可以不填。"),
        one("organisation_kind", "单位类型", "ENTERPRISE", kind="select", options=kinds),
    ]
    for part in person:
        part["maxlength"] = 50 if part["name"] == "paper_number" else part.get("maxlength")
    return {
        "steps": steps(0),
        "person": person,
        "organisation": organisation,
        "for_organisation": any(typed.get(f["name"]) for f in organisation[:2]),
        "errors": error_list([*person, *organisation]),
        "drafts": Draft.objects.filter(owner=actor.ref)
        .select_related("applicant")
        .defer("form")
        .order_by("-saved_at")[:8],
    }


def card(party: Party) -> dict[str, str]:
    """A party as staff see it before any reason: masked."""
    kind = PaperKind(party.paper_kind)
    return {
        "label": party.label,
        "paper": f"{kind.label} {mask_paper(kind, party.paper_number)}",
        "phone": mask(MaskKind.PHONE, party.phone or ""),
    }


def items_context(
    applicant: Party, filer: Party | None, text: str, *, actor: Actor, at: datetime, token: Token
) -> dict[str, Any]:
    """Step 2: items of this window's package with numbers to press; any other that is looked for
    can be taken in for the hall that has it (R018)."""
    package = {
        code
        for posting in actor.postings
        if permissions.RECEIVE.code in posting.permissions
        for code in posting.package
    }
    today = civil_date(at)
    found = search_items(text, today=today) if text else current_versions(today=today)
    mine = [version for version in found if version.definition.code in package]
    others = [version for version in found if version.definition.code not in package]
    person = filer or applicant
    served = served_by(person, at=at, act=MandateAct.APPLY) if person.is_natural else []
    covered = covered_by(served, applicant) if filer else None
    return {
        "steps": steps(1),
        "applicant": card(applicant),
        "filer": card(filer) if filer else None,
        "q": text,
        "items": _items(mine, applicant, covered),
        "elsewhere": _elsewhere(others, applicant, covered, actor) if text else [],
        "names": _names(person, applicant, token, served) if person.is_natural else [],
        "drafts": _drafts(applicant, actor),
        "cases": _open_cases(applicant, at),
    }


def covered_by(served: list[Served], applicant: Party) -> frozenset[str] | None:
    """The item codes for which the person at the window is this applicant's agent; None: no bound
    (an organisation's own people, or an authorisation for everything)."""
    rows = [one for one in served if one.party.pk == applicant.pk]
    if not rows or any(one.items is None for one in rows):
        return None
    return frozenset().union(*(one.items or frozenset() for one in rows))


def _items(
    versions: list[CurrentVersion], applicant: Party, covered: frozenset[str] | None
) -> list[dict[str, Any]]:
    """Those the applicant can apply for first, the first nine of them with a key."""
    rows = [_item(version, applicant, covered) for version in versions]
    rows.sort(key=lambda row: bool(row["why_not"]))
    for number, row in enumerate(rows, 1):
        row["key"] = number if number <= 9 and not row["why_not"] else ""
    return rows


def _elsewhere(
    versions: list[CurrentVersion],
    applicant: Party,
    covered: frozenset[str] | None,
    actor: Actor,
) -> list[dict[str, Any]]:
    """Items that this window does not have, each with the halls it can be taken in for; none: the
    organ itself. One statement, and none where there are no such items."""
    posting = window_posting(actor)
    if not versions or posting is None:
        return []
    found = residency([version.definition.code for version in versions])
    rows = []
    for version in versions:
        halls = right_halls(found.get(version.definition.code, []), posting)
        is_here = any(hall.hall_id == posting.hall_id for hall in halls)
        where = "、".join(hall.name for hall in halls) or f"{version.organ_name}(没有大厅进驻)"
        if is_here:
            where = f"本大厅 {'、'.join(halls[0].windows)} 窗口"
        rows.append(
            _item(version, applicant, covered)
            | {
                "mark": "不在本窗口的事项包里,可以代收" if is_here else "本大厅不进驻,可以代收",
                "where": where,
                "halls": halls if len(halls) > 1 else [],
            }
        )
    return rows


def _item(
    version: CurrentVersion, applicant: Party, covered: frozenset[str] | None
) -> dict[str, Any]:
    """One item; one that this applicant, or this agent, cannot apply for says so instead of a
    button."""
    definition = version.definition
    audience = "NATURAL_PERSON" if applicant.is_natural else "LEGAL_PERSON"
    why = ""
    if audience not in {a.value for a in definition.audiences}:
        who = "法人或其他组织" if applicant.is_natural else "个人"
        why = f"这个事项由{who}申请"
    elif covered is not None and definition.code not in covered:
        why = "授权委托没有包括这个事项"
    return {
        "definition": definition,
        "organ": version.organ_name,
        "why_not": why,
    }


def _names(
    person: Party,
    applicant: Party,
    token: Token,
    served: list[Served],
) -> list[dict[str, Any]]:
    """In whose name this person may apply: their own, whom they represent, who authorised them."""
    rows = [
        {
            "label": f"{person.label} 本人",
            "who": token(person.pk, None),
            "current": applicant.pk == person.pk,
        }
    ]
    rows += [
        {
            "label": f"{one.party.label}(受委托,有效到 {one.until})"
            if one.until
            else one.party.label,
            "who": token(one.party.pk, person.pk),
            "current": applicant.pk == one.party.pk,
        }
        for one in {one.party.pk: one for one in served}.values()
    ]
    if not any(row["current"] for row in rows):
        rows.append({"label": applicant.label, "who": "", "current": True})
    return rows if len(rows) > 1 else []


def _drafts(applicant: Party, actor: Actor) -> list[Draft]:
    rows = Draft.objects.filter(applicant=applicant, owner=actor.ref).defer("form")
    return list(rows.order_by("-saved_at")[:5])


def _open_cases(applicant: Party, at: datetime) -> list[dict[str, Any]]:
    """The applicant's cases under way, so that nothing is taken in twice."""
    rows = Case.objects.filter(applicant=applicant).exclude(state__in=FINALS).order_by("-id")[:5]
    return [{"case": case, "strip": small_strip(case, at)} for case in rows]


def draft_context(
    draft: Draft, errors: dict[str, str], *, actor: Actor, at: datetime
) -> dict[str, Any]:
    """Step 3: the form as it is kept, the materials, and what is missing (which stops nothing)."""
    definition = definition_of(draft.item_version_id)
    holdings = held_for(draft, definition, at)
    names = dict(
        Attachment.objects.filter(pk__in=draft.files.values()).values_list("pk", "name")
        if draft.files
        else ()
    )
    files = {code: names.get(_uuid(pk), "") for code, pk in draft.files.items()}
    earlier = earlier_materials(draft, definition, actor=actor, at=at)
    sections = form_fields(definition, draft.form, errors)
    materials: list[dict[str, Any]] = [
        {
            "material": material,
            "held": holdings.held.get(material.code),
            "silent": holdings.unanswered.get(material.code),
            "file": files.get(material.code, ""),
            "origin": reused_fields(draft, material.code).get("note", ""),
            "earlier": earlier_row(earlier.get(material.code)),
            "asks_original": asks_original(material),
            "is_paper": material.code in draft.paper,
            "is_back": material.code in draft.handed_back,
            "is_form": material.source == "FORM",
            "when": condition_in_words(definition, material),
        }
        for material in definition.materials
        if not is_out(material, draft.form)
    ]
    missing = [p.message for p in check_form(definition, draft.form) if p.field not in errors]
    missing += [
        f"「{row['material'].name}」还没有收到。"
        for row in materials
        if row["material"].required
        and row["material"].is_asked(draft.form)
        and not any(row[name] for name in ("held", "file", "is_paper", "is_form", "silent"))
    ]
    special = _special(draft, errors)
    listed = error_list([*(f for part in sections for f in part["fields"]), *special])
    listed += [
        {"text": text, "url": "#materials"}
        for name, text in errors.items()
        if name in ("files", "filer") or name.startswith("material-")
    ]
    return {
        "steps": steps(2),
        **_taken_in(draft, definition, at),
        "draft": draft,
        "definition": definition,
        "applicant": card(draft.applicant),
        "filer": card(draft.filed_by) if draft.filed_by else None,
        "sections": sections,
        "materials": materials,
        "special": special,
        "is_special": draft.is_helped or bool(draft.green_channel),
        "missing": missing if draft.version > 1 else [],
        "errors": listed,
    }


def _taken_in(draft: Draft, definition: Definition, at: datetime) -> dict[str, Any]:
    """Who will handle what this window only takes in, and by when its papers leave."""
    if draft.taken_in_window_id is None:
        return {}
    return {"handled_by": handled_by(draft, definition), "hand_over_due": hand_over_due(at)}


def _special(draft: Draft, errors: dict[str, str]) -> list[dict[str, Any]]:
    """帮办代办 and 绿色通道: rare, so they stand folded at the end of the form."""
    helping = {"value": "yes", "selected": draft.is_helped}
    green = (("", "不用优先"), *GreenChannel.choices)
    return [
        {"name": "is_helped", "id": "is_helped", "label": "帮办代办:由我替申请人填写",
         "kind": "confirm", "options": [helping]},
        field("helped", "谁请求帮办、怎样核实身份", value=draft.helped, maxlength=200,
              width="w-full", error=errors.get("helped", ""),
              hint="例如:本人到场,核对身份证原件;或本人来电,回拨登记的手机核实。申请人能看到。"),
        field("green_channel", "绿色通道", kind="select", options=green,
              value=draft.green_channel, hint="优先的办件排在待受理清单最前面,并留痕。"),
        field("green_reason", "优先的理由", value=draft.green_reason, maxlength=200,
              width="w-full", error=errors.get("green_reason", "")),
    ]  # fmt: skip


def _uuid(text: str) -> Any:
    from uuid import UUID

    return UUID(text)
