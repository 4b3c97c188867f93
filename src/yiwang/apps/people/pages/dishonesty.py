"""严重失信主体名单: what was entered, waiting for the second person, repaired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.people import crediting
from yiwang.apps.people.authority_terms import (
    AuthorityError,
    AuthorityNotFoundError,
    InvalidTermsError,
)
from yiwang.apps.people.credit_models import DishonestyListing
from yiwang.apps.people.crediting import Entry
from yiwang.apps.people.permissions import CONFIRM_DISHONESTY, ENTER_DISHONESTY
from yiwang.apps.people.queries import find_party_by_paper
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, day, line, posted_day, radios, textarea
from yiwang.foundation.shell.dates import cn_date
from yiwang.kernel.identifiers.kinds import PaperKind

LIST = "/dishonesty/"
KINDS = tuple((kind.value, kind.label, "") for kind in PaperKind)
NOT_KNOWN = "没有找到持这个证件的服务对象。没有来办过事的,来办事登记以后再录入。"


@require_GET
@staff_page(ENTER_DISHONESTY, CONFIRM_DISHONESTY)
def listing(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    after = request.GET.get("after") or None
    rows, following = crediting.listings(actor=actor, after=after)
    next_url = f"{LIST}?{urlencode({'after': following})}" if following else ""
    enter = {"label": "录入", "kind": "primary", "url": f"{LIST}enter/"}
    context = {
        "rows": [_row(row, actor) for row in rows],
        "buttons": [enter] if actor.may(ENTER_DISHONESTY) else [],
        "pager": {"next_url": next_url, "previous_url": LIST} if next_url or after else None,
    }
    return render(request, "people/dishonesty.html", context)


def _row(row: DishonestyListing, actor: Any) -> dict[str, Any]:
    label, tone = row.standing
    act = ""
    if row.confirmed_at is None and not row.declined_reason and row.entered_by != actor.ref:
        act = "decide" if crediting.may_confirm(actor, row) else ""
    elif row.confirmed_at is not None and row.repaired_on is None:
        act = "repair" if actor.may(ENTER_DISHONESTY, organ_id=row.keeper_id) else ""
    words = {"decide": "确认", "repair": "登记修复", "": ""}
    return {
        "row": row,
        "tag": {"label": label, "tone": tone},
        "act": words[act],
        "url": f"{LIST}{row.pk}/{act}/",
    }


def _form(**more: Any) -> ActForm:
    return ActForm(back=LIST, invalid=(InvalidTermsError,), refused=(AuthorityError,), **more)


@require_http_methods(["GET", "POST"])
@staff_page(ENTER_DISHONESTY)
def enter(request: HttpRequest) -> HttpResponse:
    page = _form(
        title="录入严重失信记录",
        button="录入,送确认",
        done="已录入,请另一位工作人员对照决定书确认。确认以前不起作用。",
        note="只录入法律、法规规定的名单里、由主管机关作出的列入决定。不能因为办件中的差错自行列入。",
        fields=_fields,
    )

    def act(at: datetime) -> DishonestyListing:
        data = request.POST
        kind = data.get("paper_kind", PaperKind.USCC.value)
        kinds = {one.value: one for one in PaperKind}
        party = find_party_by_paper(
            kinds.get(kind, PaperKind.USCC), data.get("paper_number", "")[:50]
        )
        if party is None:
            raise InvalidTermsError(NOT_KNOWN, {"paper_number": NOT_KNOWN})
        names = ("list_name", "article", "organ", "document")
        entry = Entry(
            **{name: data.get(name, "") for name in names},
            listed_on=posted_day(request, "listed_on"),
        )
        return crediting.enter_listing(
            party=party,
            entry=entry,
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )

    return page.answer(request, act)


def _fields(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        radios("paper_kind", "证件类型", typed, KINDS, value=PaperKind.USCC.value),
        line("paper_number", "证件号码", typed, maxlength=50, width="w-20"),
        line("list_name", "名单", typed, maxlength=80, width="w-full",
             hint="例如:市场监督管理严重违法失信名单。"),
        line("article", "列入依据(法律、法规和条款)", typed, maxlength=120, width="w-full"),
        line("organ", "列入机关", typed, maxlength=120, width="w-full"),
        line("document", "列入决定文号", typed, maxlength=80, width="w-20"),
        day("listed_on", "列入日期", typed),
    ]  # fmt: skip


def _found(request: HttpRequest, listing_id: int) -> DishonestyListing:
    try:
        return crediting.listing_of(listing_id, actor=request.actor)  # type: ignore[attr-defined]
    except AuthorityNotFoundError as error:
        raise Http404 from error


def _about(row: DishonestyListing) -> list[tuple[str, str]]:
    return [
        ("服务对象", row.party.label),
        ("名单", f"{row.list_name}({row.article})"),
        ("列入决定", f"{row.organ} {row.document},{cn_date(row.listed_on)}"),
        ("录入人", row.entered_label),
    ]


@require_http_methods(["GET", "POST"])
@staff_page(CONFIRM_DISHONESTY)
def decide(request: HttpRequest, listing_id: int) -> HttpResponse:
    row = _found(request, listing_id)
    choices = [("yes", "与决定书一致,确认", ""), ("no", "不一致,不采用", "")]
    page = _form(
        title="确认严重失信记录",
        button="提交",
        done="已办理。",
        about=_about(row),
        note="请对照列入决定书。确认后告知本人,修复以前不能选告知承诺,其他不受影响。",
        fields=lambda typed: [
            radios("answer", "对照结果", typed, choices),
            textarea("reason", "不采用的原因", typed, rows=2, maxlength=200, is_optional=True),
        ],
    )

    def act(at: datetime) -> DishonestyListing:
        answer = request.POST.get("answer", "")
        if answer not in ("yes", "no"):
            raise InvalidTermsError("请选择对照结果。", {"answer": "请选择对照结果。"})
        return crediting.decide_listing(
            listing_id=listing_id,
            approved=answer == "yes",
            reason=request.POST.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        )

    return page.answer(request, act)


@require_http_methods(["GET", "POST"])
@staff_page(ENTER_DISHONESTY)
def repair(request: HttpRequest, listing_id: int) -> HttpResponse:
    row = _found(request, listing_id)
    page = _form(
        title="登记失信修复",
        button="登记,立即生效",
        done="已登记修复,并告知本人。",
        about=_about(row),
        fields=lambda typed: [
            line("document", "修复或移出决定文号", typed, maxlength=80, width="w-20"),
            day("repaired_on", "修复或移出日期", typed),
        ],
    )
    return page.answer(
        request,
        lambda at: crediting.repair_listing(
            listing_id=listing_id,
            document=request.POST.get("document", ""),
            repaired_on=posted_day(request, "repaired_on"),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )
