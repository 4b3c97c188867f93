"""The comprehensive window: person → item → form and materials → slip, hands on the keyboard.

Who is at the window travels from page to page as a signed token for this clerk alone: nobody gets
at a person by counting numbers in an address.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.operations import desk, drafts, reusing
from yiwang.apps.cases.pages.fields import prefill
from yiwang.apps.cases.pages.staff_fields import files_of
from yiwang.apps.cases.pages.window_view import (
    draft_context,
    items_context,
    person_context,
)
from yiwang.apps.catalog.public import current_version, definition_of, read_posted
from yiwang.apps.people.public import InvalidPartyError, Party, PartyKind, Shown, identify
from yiwang.foundation.access import Actor
from yiwang.foundation.files.storing import FileRefusedError
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.identifiers.papers import is_valid
from yiwang.kernel.moment import civil_date

SALT, HOURS = "cases.window", 12
NOT_A_PERSON = "这是单位的统一社会信用代码,已经填到下面「替单位申请」里。请在这里读来人的身份证件。"


@dataclass(frozen=True, slots=True)
class AtWindow:
    """Who applies, and who stands at the window for them (None: the applicant in person)."""

    applicant: Party
    filer: Party | None
    token: str


def token_of(applicant: int, filer: int | None, actor: Actor) -> str:
    return signing.dumps({"a": applicant, "f": filer, "by": actor.ref}, salt=SALT, compress=True)


def at_window(request: HttpRequest) -> AtWindow | None:
    """Read the token of this request; None where it is missing, old or somebody else's."""
    token = request.GET.get("who") or request.POST.get("who") or ""
    try:
        value = signing.loads(token, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    if value["by"] != request.actor.ref:  # type: ignore[attr-defined]
        return None
    people = Party.objects.in_bulk([pk for pk in (value["a"], value["f"]) if pk])
    if value["a"] not in people:
        return None
    return AtWindow(people[value["a"]], people.get(value["f"]), token)


def _to_items(applicant: int, filer: int | None, request: HttpRequest) -> HttpResponse:
    token = token_of(applicant, filer, request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(f"/window/items/?{urlencode({'who': token})}", status=303)


@require_http_methods(["GET", "POST"])
@staff_page(permissions.RECEIVE)
def person(request: HttpRequest) -> HttpResponse:
    """Step 1: who is here, and for whom."""
    errors: dict[str, str] = {}
    typed: Any = request.POST
    if is_valid(PaperKind.USCC, typed.get("paper_number", "")):
        typed = typed.copy()
        typed["uscc"], typed["paper_number"] = typed["paper_number"], ""
        errors = {"paper_number": NOT_A_PERSON}
    elif request.method == "POST":
        try:
            applicant, filer = _identify(request)
        except InvalidPartyError as error:
            errors = {error.field: error.message}
        else:
            return _to_items(applicant.pk, filer.pk if filer else None, request)
    context = person_context(typed, errors, request.actor)  # type: ignore[attr-defined]
    return render(request, "cases/staff/window.html", context, status=422 if errors else 200)


def _identify(request: HttpRequest) -> tuple[Party, Party | None]:
    """Raises InvalidPartyError, for the organisation's fields under their own names."""
    data: Any = request.POST
    who: dict[str, Any] = {"actor": request.actor, "at": request.at}  # type: ignore[attr-defined]
    person = Shown(
        data.get("paper_kind") or PaperKind.RESIDENT_ID,
        data.get("paper_number", ""),
        data.get("name", ""),
        data.get("phone", ""),
        PartyKind.NATURAL_PERSON,
    )
    uscc, title = data.get("uscc", "").strip(), data.get("organisation", "").strip()
    found = identify(person, **who)
    if not uscc and not title:
        return found, None
    kind = data.get("organisation_kind", "")
    legal = [k for k in PartyKind if k is not PartyKind.NATURAL_PERSON]
    organisation = Shown(
        PaperKind.USCC,
        uscc,
        title,
        kind=next((k for k in legal if k.value == kind), PartyKind.ENTERPRISE),
    )
    try:
        return identify(organisation, **who), found
    except InvalidPartyError as error:
        names = {"name": "organisation", "paper_number": "uscc"}
        raise InvalidPartyError(names.get(error.field, error.field), error.message) from error


@require_GET
@staff_page(permissions.RECEIVE)
def items(request: HttpRequest) -> HttpResponse:
    """Step 2: which item, in whose name; what is in hand already."""
    who = at_window(request)
    if who is None:
        return HttpResponseRedirect("/window/")
    context = items_context(
        who.applicant,
        who.filer,
        request.GET.get("q", "").strip()[:60],
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        token=lambda applicant, filer: token_of(applicant, filer, request.actor),  # type: ignore[attr-defined]
    )
    return render(request, "cases/staff/window_items.html", {**context, "who": who.token})


@require_POST
@staff_page(permissions.RECEIVE)
def start(request: HttpRequest) -> HttpResponse:
    """Begin the item for whoever is here; one that this window does not have is taken in for the
    hall that has it."""
    who = at_window(request)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    version = current_version(request.POST.get("item", ""), today=civil_date(request.at))  # type: ignore[attr-defined]
    if who is None or version is None:
        messages.warning(request, "请重新读取证件后再选择事项。")
        return HttpResponseRedirect("/window/", status=303)
    try:
        draft = desk.start_at_window(
            version=version,
            applicant=who.applicant,
            filer=who.filer,
            form=prefill(version.definition, applicant=who.applicant, person=who.filer),
            actor=actor,
            at=request.at,  # type: ignore[attr-defined]
            hand_to=request.POST.get("hand_to", "")[:60],
        )
    except InvalidInputError as error:
        messages.warning(request, "".join(error.fields.values()))
        asked = urlencode({"who": who.token, "q": version.definition.name})
        return HttpResponseRedirect(f"/window/items/?{asked}", status=303)
    return HttpResponseRedirect(f"/window/drafts/{draft.pk}/", status=303)


@require_http_methods(["GET", "POST"])
@staff_page(permissions.RECEIVE)
def draft(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Steps 3 and 4: the whole form and the materials on one page; 收件 hands it in."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _posted(request, draft_id)
        except InvalidInputError as error:
            errors = error.fields
        except FileRefusedError as error:
            errors = {"files": str(error)}
    row = drafts.own_draft(draft_id, actor=request.actor)  # type: ignore[attr-defined]
    who: dict[str, Any] = {"actor": request.actor, "at": request.at}  # type: ignore[attr-defined]
    context = draft_context(row, errors, **who)
    return render(request, "cases/staff/window_draft.html", context, status=422 if errors else 200)


def _posted(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Do what the pressed button says; everything typed is kept in any case."""
    doing = request.POST.get("do", "save")
    who: dict[str, Any] = {"actor": request.actor, "at": request.at}  # type: ignore[attr-defined]
    if doing == "discard":
        drafts.discard_draft(draft_id=draft_id, **who)
        messages.success(request, "草稿已删除。")
        return HttpResponseRedirect("/window/", status=303)
    posted = _typed(request, draft_id)
    if "special" in request.POST and _is_there(request, draft_id):
        drafts.mark_special(
            draft_id=draft_id,
            is_helped=request.POST.get("is_helped") == "yes",
            helped=request.POST.get("helped", ""),
            green_channel=request.POST.get("green_channel", ""),
            green_reason=request.POST.get("green_reason", ""),
            **who,
        )
    if doing.startswith("again-"):
        desk.keep(draft_id=draft_id, **posted, **who)
        code = doing.removeprefix("again-")
        reusing.use_again(draft_id=draft_id, code=code, **who)
        return HttpResponseRedirect(f"/window/drafts/{draft_id}/#materials", status=303)
    if doing != "submit":
        desk.keep(draft_id=draft_id, **posted, **who)
        return HttpResponseRedirect(f"/window/drafts/{draft_id}/#take-in", status=303)
    case = desk.take_in(draft_id=draft_id, **posted, **who)
    messages.success(request, f"已收件,办件编号 {case.short_number}。请把收件凭证打印给申请人。")
    return HttpResponseRedirect(f"/cases/{case.pk}/#papers", status=303)


def _is_there(request: HttpRequest, draft_id: uuid.UUID) -> bool:
    """False for a second 收件 of a draft that was taken in already."""
    return drafts.version_of_draft(draft_id, actor=request.actor) is not None  # type: ignore[attr-defined]


def _typed(request: HttpRequest, draft_id: uuid.UUID) -> dict[str, Any]:
    """The posted answers, papers and files. A second 收件 of the same draft carries none."""
    version = drafts.version_of_draft(draft_id, actor=request.actor)  # type: ignore[attr-defined]
    return {
        "form": read_posted(definition_of(version), request.POST) if version else {},
        "paper": request.POST.getlist("paper"),
        "handed_back": request.POST.getlist("handed-back"),
        "files": files_of(request.FILES),
    }
