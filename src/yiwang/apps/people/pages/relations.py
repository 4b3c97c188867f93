"""Relations registered at a window: authorisations on paper, guardians, legal representatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.people import guarding, representing
from yiwang.apps.people.authorising import authorise_at_window
from yiwang.apps.people.authority_terms import AuthorityError, InvalidTermsError
from yiwang.apps.people.domain.vocabulary import PartyKind
from yiwang.apps.people.models import Party
from yiwang.apps.people.operations import InvalidPartyError, register_party
from yiwang.apps.people.pages import terms_form
from yiwang.apps.people.pages.signing import redirect
from yiwang.apps.people.permissions import REGISTER_RELATIONS
from yiwang.foundation.access import Actor
from yiwang.foundation.files.storing import ACCEPTED_WORDS, LARGEST, FileRefusedError, read
from yiwang.foundation.shell.access import staff_page
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.moment import civil_date

LIST = "/relations/"
SEEN = (("principal", "已核对委托人的证件原件"), ("agent", "已核对代理人的证件原件"))


@dataclass(frozen=True, slots=True)
class Filled:
    """One posted form: what was typed, the file, and who does it when."""

    data: Any
    file: tuple[str, bytes] | None
    actor: Actor
    at: datetime

    def party(self, prefix: str = "") -> Party:
        """The person or organisation whose paper was read, registered where new. Raises
        AuthorityError under the form's own names."""
        kinds = {kind.value: kind for kind in PaperKind}
        kind = kinds.get(self.data.get(f"{prefix}paper_kind", ""), PaperKind.RESIDENT_ID)
        try:
            return register_party(
                kind=PartyKind.ENTERPRISE if kind is PaperKind.USCC else PartyKind.NATURAL_PERSON,
                name=self.data.get(f"{prefix}name", "")[:100],
                paper_kind=kind,
                paper_number=self.data.get(f"{prefix}paper_number", "")[:40],
                actor=self.actor,
                at=self.at,
            )
        except InvalidPartyError as error:
            raise InvalidTermsError(error.message, {prefix + error.field: error.message}) from error


def _authorise(form: Filled) -> str:
    row = authorise_at_window(
        principal=form.party("principal_"),
        agent=form.party(),
        terms=terms_form.posted_terms(form.data),
        seen=form.data.getlist("seen"),
        file=form.file,
        actor=form.actor,
        at=form.at,
    )
    return f"委托已登记并生效:{row.principal.label} 委托 {row.agent_label}。双方都会收到消息。"


def _guardian(form: Filled) -> str:
    row = guarding.register_guardian(
        child=form.party("child_"),
        guardian=form.party("guardian_"),
        relation=form.data.get("relation", ""),
        evidence=form.data.get("evidence", ""),
        file=form.file,
        actor=form.actor,
        at=form.at,
    )
    return f"已登记 {row.child.label} 的监护人,请另一位工作人员复核,复核后生效。"


def _representative(form: Filled) -> str:
    new = representing.change_representative(
        organisation=form.party("organisation_"),
        person=form.party(),
        evidence=form.data.get("evidence", ""),
        file=form.file,
        actor=form.actor,
        at=form.at,
    )
    return f"已登记「{new.organisation.label}」的新法定代表人,原任立即失效,双方都会收到消息。"


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms: its title, what is asked, and what is done."""

    title: str
    lead: str
    button: str
    people: tuple[tuple[str, str, bool], ...]  # prefix, heading, whether an organisation may be
    act: Callable[[Filled], str]
    file_label: str


FORMS = {
    "authorisation": Form(
        "登记授权委托",
        "委托人和代理人都在窗口,证件原件都看过,授权委托书双方签字后扫描上传。",
        "登记委托,立即生效",
        (("principal_", "委托人", True), ("", "代理人", False)),
        _authorise,
        "授权委托书",
    ),
    "guardian": Form(
        "登记监护人",
        "登记后由另一位工作人员复核才生效;孩子满 18 周岁自动结束。",
        "登记,送复核",
        (("child_", "被监护人(孩子)", False), ("guardian_", "监护人", False)),
        _guardian,
        "证明关系的材料",
    ),
    "representative": Form(
        "更换法定代表人",
        "原任的代表权立即结束;原来给出的委托继续有效,由新法定代表人逐份确认;办件照常进行。",
        "登记新法定代表人",
        (("organisation_", "单位", True), ("", "新法定代表人", False)),
        _representative,
        "变更后的营业执照或登记通知书",
    ),
}


@staff_page(REGISTER_RELATIONS)
@require_safe
def relations(request: HttpRequest) -> HttpResponse:
    """The forms, and the guardians that wait for a second person."""
    return _index(request)


def _index(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "forms": [(f"{LIST}{slug}/", form) for slug, form in FORMS.items()],
        "waiting": [(row, row.proposed_by == actor.ref) for row in guarding.waiting()],
        "errors": [{"text": error}] if error else [],
    }
    return render(request, "people/relations.html", context, status=status)


@staff_page(REGISTER_RELATIONS)
def relation(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the forms. What was typed stays; a file has to be chosen again."""
    form = FORMS[slug]
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    errors: dict[str, str] = {}
    message = ""
    if request.method == "POST":
        filled = Filled(request.POST, None, actor, at)
        try:
            said = form.act(replace(filled, file=_file(request)))
        except AuthorityError as error:
            errors, message = error.fields, error.message
        except FileRefusedError as error:
            errors = {"file": str(error)}
        else:
            messages.success(request, said)
            return redirect(LIST)
    values = terms_form.blank(civil_date(at))
    if request.method == "POST":
        values |= terms_form.typed(request.POST)
    context = {
        "form": form,
        "groups": [
            (heading, _person_fields(prefix, may_be_unit, values, errors))
            for prefix, heading, may_be_unit in form.people
        ],
        "fields": _fields(slug, form, values, errors, at),
        "errors": terms_form.error_rows(errors) or ([{"text": message}] if message else []),
    }
    status = 422 if context["errors"] else 200
    return render(request, "people/relation.html", context, status=status)


def _file(request: HttpRequest) -> tuple[str, bytes] | None:
    """Raises FileRefusedError for one that is too large."""
    file = request.FILES.get("file")
    if file is None:
        return None
    if (getattr(file, "size", 0) or 0) > LARGEST:
        raise FileRefusedError("文件超过 20 MB。请压缩后再上传。")
    return str(getattr(file, "name", "") or "文件"), file.read()


def _person_fields(
    prefix: str, may_be_unit: bool, values: Mapping[str, Any], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    kinds = [k for k in PaperKind if k is not PaperKind.USCC or may_be_unit]
    default = PaperKind.USCC if prefix == "organisation_" else PaperKind.RESIDENT_ID
    chosen = values.get(f"{prefix}paper_kind") or default.value
    rows: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("paper_kind", "证件类型", {"kind": "select", "options": _options(kinds, chosen)}),
        ("paper_number", "证件号码", {"kind": "idcard", "width": "w-20"}),
        ("name", "姓名或名称" if may_be_unit else "姓名", {"width": "w-20", "maxlength": 100}),
    )
    return [
        {
            "name": prefix + name,
            "label": label,
            "value": values.get(prefix + name, ""),
            "error": errors.get(prefix + name, ""),
            "autocomplete": "off",
            **more,
        }
        for name, label, more in rows
    ]


def _options(kinds: list[PaperKind], chosen: str) -> list[dict[str, Any]]:
    return [{"value": k.value, "label": k.label, "selected": k.value == chosen} for k in kinds]


def _fields(
    slug: str, form: Form, values: Mapping[str, Any], errors: Mapping[str, str], at: datetime
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if slug == "authorisation":
        found += terms_form.terms_fields(values, errors, civil_date(at))
        seen = [
            {"value": v, "label": label, "selected": v in values.get("seen", ())}
            for v, label in SEEN
        ]
        found.append(_one("seen", "证件核对", values, errors, kind="checkboxes", options=seen))
    elif slug == "guardian":
        relations = [
            {"value": r, "label": r, "selected": r == values.get("relation")}
            for r in guarding.RELATIONS
        ]
        found.append(
            _one("relation", "监护人是孩子的", values, errors, kind="radios", options=relations)
        )
    if slug != "authorisation":
        found.append(_one("evidence", "依据和编号", values, errors, maxlength=120))
    found.append(
        _one("file", form.file_label, {}, errors, kind="file", hint=f"{ACCEPTED_WORDS},20 MB 以内")
    )
    return found


def _one(
    name: str, label: str, values: Mapping[str, Any], errors: Mapping[str, str], **more: Any
) -> dict[str, Any]:
    value, error = values.get(name, ""), errors.get(name, "")
    return {"name": name, "label": label, "value": value, "error": error, **more}


@require_POST
@staff_page(REGISTER_RELATIONS)
def decide(request: HttpRequest, guardianship_id: int) -> HttpResponse:
    """The second person's word on a guardian."""
    approved = request.POST.get("do") == "approve"
    try:
        guarding.decide_guardian(
            guardianship_id=guardianship_id,
            approved=approved,
            note=request.POST.get("note", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except AuthorityError as error:
        return _index(request, error=error.message, status=409)
    messages.success(request, "已复核,监护关系生效。" if approved else "已退回,没有生效。")
    return redirect(LIST)


@staff_page(REGISTER_RELATIONS)
@require_safe
def paper(request: HttpRequest, guardianship_id: int) -> HttpResponse:
    """The proof of a guardianship: the second person looks at it, and the child's side can read
    that somebody did."""
    row = guarding.with_paper(guardianship_id)
    guarding.note_look(
        row,
        actor=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    assert row.paper is not None
    response = HttpResponse(read(row.paper.file), content_type=row.paper.file.media_type)
    response.headers["Content-Disposition"] = "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
