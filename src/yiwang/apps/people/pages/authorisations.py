"""授权委托: given and received, begun, confirmed, revoked, and what was done by each."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from yiwang.apps.people import authorising
from yiwang.apps.people.authorisations import (
    given,
    received,
    standing,
    to_review,
    whole_authorisation,
)
from yiwang.apps.people.authority_models import Authorisation, AuthorisationUse
from yiwang.apps.people.authority_terms import AuthorityError, AuthorityNotFoundError
from yiwang.apps.people.domain.authority import AuthorisationState
from yiwang.apps.people.item_register import offered_items
from yiwang.apps.people.pages import terms_form
from yiwang.apps.people.pages.signing import redirect
from yiwang.foundation.access import Actor
from yiwang.foundation.environment import environment
from yiwang.foundation.shell.access import citizen_page
from yiwang.foundation.shell.dates import cn_date, cn_datetime
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.kernel.masking import mask_paper
from yiwang.kernel.moment import civil_date

LIST = "/my/authorisations/"
SHOWN = (
    ("given", "我委托别人的"),
    ("received", "别人委托我的"),
    ("given-ended", "我委托过的(已结束)"),
    ("received-ended", "委托过我的(已结束)"),
)


def _who(request: HttpRequest) -> tuple[Actor, datetime]:
    return request.actor, request.at  # type: ignore[attr-defined]


@citizen_page
@require_safe
def authorisations(request: HttpRequest) -> HttpResponse:
    """One's own and those of the organisations one heads, in force or over."""
    actor, at = _who(request)
    show = request.GET.get("show", "")
    show = show if show in dict(SHOWN) else "given"
    after, is_ended = request.GET.get("after") or None, show.endswith("ended")
    parties = [party.pk for party in authorising.principals_of(actor, today=civil_date(at))]
    if show.startswith("given"):
        found = given(parties=parties, is_ended=is_ended, after=after)
    else:
        found = received(party_id=actor.party_id or 0, is_ended=is_ended, after=after)
    names = offered_items(civil_date(at)) if found.rows else {}
    following = {"show": show, "after": found.next_cursor}
    next_url = f"{LIST}?{urlencode(following)}" if found.next_cursor else ""
    context = {
        "show": show,
        "rows": [_row(row, names, at, is_given=show.startswith("given")) for row in found.rows],
        "waiting": to_review(parties) if show == "given" else 0,
        "filters": {
            "label": "看哪些委托",
            "links": [
                {"label": label, "url": f"{LIST}?show={code}", "current": code == show}
                for code, label in SHOWN
            ],
        },
        "pager": {"next_url": next_url, "previous_url": f"{LIST}?show={show}" if after else ""}
        if next_url or after
        else None,
    }
    return render(request, "people/authorisations.html", context)


def _row(
    row: Authorisation, names: dict[str, str], at: datetime, *, is_given: bool
) -> dict[str, Any]:
    label, tone = standing(row, at=at)
    return {
        "row": row,
        "title": _title(row, is_given),
        "items": items_text(row, names),
        "tag": {"label": label, "tone": tone},
        "is_review": is_given and row.review_since is not None and row.end == "",
    }


def _title(row: Authorisation, is_given: bool) -> str:
    """The two know each other: each reads the other's whole name."""
    if not is_given:
        return f"{row.principal.name} 委托您"
    unit = "" if row.principal.is_natural else f"{row.principal.name} "
    return f"{unit}委托 {row.agent_name}"


def items_text(row: Authorisation, names: dict[str, str]) -> str:
    if row.is_for_all:
        return "全部事项"
    shown = [names.get(code, code) for code in row.items]
    return "、".join(shown[:5]) + (f" 等 {len(shown)} 项" if len(shown) > 5 else "")


@citizen_page
def new(request: HttpRequest) -> HttpResponse:
    """Write one down; the code comes by message, and the next page asks for it."""
    actor, at = _who(request)
    today = civil_date(at)
    principals = authorising.principals_of(actor, today=today)
    errors: dict[str, str] = {}
    message = ""
    values = terms_form.blank(today)
    if request.method == "POST":
        values |= terms_form.typed(request.POST)
        wanted = request.POST.get("principal", "") or str(actor.party_id)
        try:
            row = authorising.propose(
                principal_id=int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0,
                terms=terms_form.posted_terms(request.POST),
                actor=actor,
                at=at,
            )
        except AuthorityError as error:
            errors, message = error.fields, error.message
        else:
            return redirect(f"{LIST}{row.pk}/")
    elif request.GET.get("from", "").isdecimal():
        values |= _as_before(request.GET["from"], actor, at, today)
    context = {
        "principal_field": _principal_field(principals, values),
        "person": terms_form.person_fields(values, errors),
        "terms": terms_form.terms_fields(
            values, errors, today, only_for_people=len(principals) < 2
        ),
        "errors": terms_form.error_rows(errors) or ([{"text": message}] if message else []),
        "phone": authorising.phone_of(actor),
    }
    status = 422 if context["errors"] else 200
    return render(request, "people/authorisation_new.html", context, status=status)


def _as_before(text: str, actor: Actor, at: datetime, today: date) -> dict[str, Any]:
    whole = whole_authorisation(int(text[:18]), actor=actor, at=at)
    if not whole.is_principal:
        raise AuthorityNotFoundError
    return terms_form.again(whole.row, today)


def _principal_field(principals: list[Any], values: dict[str, Any]) -> dict[str, Any] | None:
    """For whom: asked only of somebody who heads an organisation."""
    if len(principals) < 2:
        return None
    chosen = values.get("principal") or str(principals[0].pk)
    return {
        "name": "principal",
        "label": "以谁的名义委托?",
        "kind": "radios",
        "options": [
            {
                "value": str(party.pk),
                "label": f"我本人({party.name})" if party.is_natural else party.name,
                "selected": str(party.pk) == chosen,
            }
            for party in principals
        ],
    }


@citizen_page
@require_safe
def authorisation(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    return _page(request, authorisation_id)


def _page(
    request: HttpRequest, authorisation_id: int, *, error: str = "", status: int = 200
) -> HttpResponse:
    """One authorisation; `error` is of the code that was typed."""
    actor, at = _who(request)
    after = request.GET.get("after") or None
    whole = whole_authorisation(authorisation_id, actor=actor, at=at, after=after)
    row = whole.row
    label, tone = standing(row, at=at)
    own = f"{LIST}{row.pk}/"
    is_open = row.state == AuthorisationState.PROPOSED and label == "待您确认"
    asks = whole.is_principal and is_open and row.proposed_by == actor.ref
    context = {
        "row": row,
        "whole": whole,
        "tag": {"label": label, "tone": tone},
        "rows": _told(row, civil_date(at)),
        "asks_code": asks,
        "phone": authorising.phone_of(actor) if asks else "",
        "is_demo": environment().is_demo,
        "code_field": {
            "name": "code",
            "label": "短信里的六位数字",
            "kind": "number",
            "width": "w-6",
            "maxlength": 8,
            "autocomplete": "one-time-code",
            "value": request.POST.get("code", ""),
            "error": error,
        },
        "errors": [{"text": error, "url": "#id_code" if asks else ""}] if error else [],
        "is_over": row.end != "" or label in ("没有确认", "已到期"),
        "can_review": whole.is_principal and row.review_since is not None and not row.end,
        "uses": [_use(use, whole.is_principal) for use in whole.uses],
        "pager": {
            "next_url": f"{own}?after={whole.next_cursor}" if whole.next_cursor else "",
            "previous_url": own if after else "",
        }
        if after or whole.next_cursor
        else None,
    }
    return render(request, "people/authorisation.html", context, status=status)


def _told(row: Authorisation, today: date) -> list[dict[str, str]]:
    kind = PaperKind(row.agent_paper_kind)
    names = offered_items(today)
    items = "全部事项" if row.is_for_all else "\n".join(names.get(c, c) for c in row.items)
    rows = [
        ("委托人", row.principal.name),
        ("代理人", f"{row.agent_name}({kind.label} {mask_paper(kind, row.agent_paper_number)})"),
        ("委托的事项", items),
        ("代理人可以", row.act_labels),
        ("期限", f"{cn_date(row.valid_from)} 至 {cn_date(row.valid_until)}"),
    ]
    if row.confirmed_at is not None:
        how = f"{cn_datetime(row.confirmed_at)},{row.get_way_display()}({row.confirmed_label})"
        rows.append(("确认", how))
    if row.ended_at is not None:
        rows.append(("结束", f"{cn_datetime(row.ended_at)},{row.get_end_display()}"))
    return [{"label": label, "value": value} for label, value in rows]


def _use(use: AuthorisationUse, is_principal: bool) -> dict[str, Any]:
    kind, _, number = use.subject.partition(":")
    url = {"case": f"/my/cases/{number}/", "draft": f"/apply/{number}/check/"}.get(kind, "")
    return {
        "title": use.what,
        "at": cn_datetime(use.at),
        "who": "代理人" if is_principal else "您",
        "documents": [{"label": "办件" if kind == "case" else "草稿", "url": url}]
        if kind == "case"
        else [],
    }


@require_POST
@citizen_page
def confirm(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    actor, at = _who(request)
    try:
        authorising.confirm(
            authorisation_id=authorisation_id,
            code=request.POST.get("code", ""),
            actor=actor,
            at=at,
        )
    except AuthorityNotFoundError:
        raise
    except AuthorityError as error:
        return _page(request, authorisation_id, error=error.message, status=422)
    except TransitionNotAllowedError as error:
        return _page(request, authorisation_id, error=error.message, status=409)
    messages.success(request, "委托已生效。代理人办的每一步都会发消息告诉您,您可以随时撤销。")
    return redirect(f"{LIST}{authorisation_id}/")


@require_POST
@citizen_page
def revoke(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    """One press, at once."""
    return _end(request, authorisation_id, authorising.revoke, "已撤销,立即生效。")


@require_POST
@citizen_page
def renounce(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    said = "已退出,您不能再看到和办理对方的事。"
    return _end(request, authorisation_id, authorising.renounce, said)


@require_POST
@citizen_page
def keep(request: HttpRequest, authorisation_id: int) -> HttpResponse:
    return _end(request, authorisation_id, authorising.keep, "已确认继续委托。")


def _end(request: HttpRequest, authorisation_id: int, act: Any, said: str) -> HttpResponse:
    actor, at = _who(request)
    try:
        act(authorisation_id=authorisation_id, actor=actor, at=at)
    except TransitionNotAllowedError as error:
        return _page(request, authorisation_id, error=error.message, status=409)
    messages.success(request, said)
    return redirect(f"{LIST}{authorisation_id}/")
