"""帮办代办: the list with its person-times, noting one, and calling back a sample."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.apps.cases import permissions
from yiwang.apps.cases.errors import CaseError, CaseNotFoundError, InvalidInputError
from yiwang.apps.cases.models.helping import HelpCall, HelpKind, HelpRecord, HelpSample
from yiwang.apps.cases.operations import helping
from yiwang.apps.cases.operations.helped import Help
from yiwang.apps.people.public import Shown
from yiwang.foundation.lists import Listing, page
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, day, line, posted_day, radios
from yiwang.foundation.shell.paper_fields import paper_fields
from yiwang.kernel.moment import civil_date
from yiwang.kernel.shares import rate

# By the day of the help, so that a period of years ago is found as quickly as this month.
RECORDS = Listing(
    "cases_helprecord",
    "organ_id",
    "bigint",
    (("helped_on", "date"), ("id", "bigint")),
    descending=True,
)
LIST, CALLS = "/help/", "/help/calls/"


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


@require_GET
@staff_page(permissions.HELP)
def listing(request: HttpRequest) -> HttpResponse:
    """The organ's help of a period, newest first, and its person-times by kind."""
    actor = request.actor  # type: ignore[attr-defined]
    today = civil_date(request.at)  # type: ignore[attr-defined]
    first = _day(request.GET.get("first", ""), today.replace(day=1))
    last = _day(request.GET.get("last", ""), today)
    kind = request.GET.get("kind", "")
    kind = kind if kind in HelpKind.values else ""
    organs, after = actor.organ_ids(permissions.HELP), request.GET.get("after") or None
    values: list[Any] = [first, last]
    where = "t.helped_on BETWEEN %s AND %s"
    if kind:
        where, values = f"{where} AND t.kind = %s", [*values, kind]
    found = page(RECORDS, scopes=organs, where=where, parameters=values, after=after)
    rows = (
        HelpRecord.objects.filter(pk__in=found.keys)
        .select_related("case")
        .order_by("-helped_on", "-id")
    )
    counted = helping.person_times(organs, first, last)
    query = urlencode({"first": first, "last": last, "kind": kind})
    context = {
        "rows": rows,
        "first": first,
        "last": last,
        "kind": kind,
        "kinds": HelpKind.choices,
        "counted": [(HelpKind(one).label, number) for one, number in counted.items()],
        "total": sum(counted.values()),
        "next_url": f"?{query}&after={found.next_cursor}" if found.next_cursor else "",
        "first_url": f"?{query}" if after else "",
    }
    return render(request, "cases/staff/help.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(permissions.HELP)
def note(request: HttpRequest) -> HttpResponse:
    form = ActForm(
        title="登记帮办代办",
        button="登记",
        done="已登记。",
        back=LIST,
        invalid=(InvalidInputError,),
        refused=(CaseError,),
        fields=lambda typed: [
            line("number", "办件编号", typed, width="w-20", is_optional=True,
                 hint="还没有办件的留空,填写帮办对象的证件和什么事"),
            *paper_fields(typed, with_organisations=True, is_optional=True),
            line("matter", "什么事", typed, maxlength=200, is_optional=True,
                 hint="没有办件时填写,例如:老年优待证"),
            radios("kind", "种类", typed, [(k, w, "") for k, w in HelpKind.choices]),
            day("helped_on", "帮办日期", typed),
            line("place", "地点", typed, maxlength=200, width="w-full"),
            line("what", "帮办了什么", typed, maxlength=400, width="w-full"),
            line("result", "结果", typed, maxlength=400, width="w-full"),
            line("parcel_number", "邮件号码", typed, maxlength=40, is_optional=True,
                 hint="邮政帮办填写"),
            line("basis", "委托凭据", typed, maxlength=200, is_optional=True, hint="代办填写"),
        ],
    )  # fmt: skip

    def act(at: Any) -> None:
        text: dict[str, Any] = {name: request.POST.get(name, "") for name in
                ("kind", "place", "what", "result", "parcel_number", "basis")}  # fmt: skip
        done = Help(**text, helped_on=posted_day(request, "helped_on"))
        number = request.POST.get("number", "")[:60]
        helping.note_help(
            number=number,
            help=done,
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
            whom=_whom(request.POST),
        )

    return form.answer(request, act)


def _whom(typed: Mapping[str, str]) -> helping.Known | None:
    """Somebody who has no case, where their paper was typed."""
    number, name = typed.get("paper_number", "").strip(), typed.get("name", "").strip()
    if not number and not name and not typed.get("matter", "").strip():
        return None
    shown = Shown(typed.get("paper_kind", ""), number, name)
    return helping.Known(shown, typed.get("matter", ""))


@require_GET
@staff_page(permissions.CALL_BACK)
def calls(request: HttpRequest) -> HttpResponse:
    """The samples of the organ with satisfaction = 满意 ÷ 回访成功, and the calls of the latest."""
    actor = request.actor  # type: ignore[attr-defined]
    organs = actor.organ_ids(permissions.CALL_BACK)
    samples = list(HelpSample.objects.filter(organ_id__in=organs).order_by("-id")[:20])
    figures = helping.satisfaction_of([one.pk for one in samples])
    wanted = request.GET.get("sample", "")
    shown = next((s for s in samples if str(s.pk) == wanted), samples[0] if samples else None)
    context = {
        "samples": [
            {"sample": one, "figures": found, "rate": rate(found.satisfied, found.reached)}
            for one in samples
            for found in [figures[one.pk]]
        ],
        "shown": shown,
        "calls": HelpCall.objects.filter(sample=shown).select_related("record").order_by("id")
        if shown
        else (),
        "me": actor.ref,
    }
    return render(request, "cases/staff/help_calls.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(permissions.CALL_BACK)
def draw(request: HttpRequest) -> HttpResponse:
    form = ActForm(
        title="抽取回访样本",
        button="抽样",
        done="已抽样。凭种子和名单可以重新抽出同样的样本。",
        back=CALLS,
        invalid=(InvalidInputError,),
        refused=(CaseError,),
        fields=lambda typed: [
            day("first", "从", typed),
            day("last", "到(含)", typed),
            line("size", "样本量", typed, value="10", kind="number", width="w-12"),
            line("seed", "随机种子", typed, hint="例如当期日期;同一种子、同一名单,样本相同"),
        ],
    )
    size = request.POST.get("size", "")
    today = civil_date(request.at)  # type: ignore[attr-defined]
    return form.answer(
        request,
        lambda at: helping.draw_sample(
            first=posted_day(request, "first") or today,
            last=posted_day(request, "last") or today,
            size=int(size) if size.isascii() and size.isdigit() and len(size) < 5 else 0,
            seed=request.POST.get("seed", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )


@require_http_methods(["GET", "POST"])
@staff_page(permissions.CALL_BACK)
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """The result form of one call-back."""
    actor = request.actor  # type: ignore[attr-defined]
    organs = actor.organ_ids(permissions.CALL_BACK)
    row = (
        HelpCall.objects.select_related("record")
        .filter(pk=call_id, sample__organ_id__in=organs)
        .first()
    )
    if row is None:
        raise CaseNotFoundError
    form = ActForm(
        title="记录回访",
        button="记录",
        done="回访已记录。",
        back=f"{CALLS}?sample={row.sample_id}",
        invalid=(InvalidInputError,),
        refused=(CaseError,),
        about=[
            ("帮办对象", row.record.party_label),
            ("帮办", f"{row.record.kind_label},{row.record.item_name},{row.record.what}"),
        ],
        fields=lambda typed: [
            radios("answer", "结果", typed, [
                ("satisfied", "回访成功,满意", ""), ("unsatisfied", "回访成功,不满意", ""),
                ("missed", "没有联系上", ""),
            ]),
            line("said", "意见", typed, is_optional=True, maxlength=400, width="w-full"),
        ],
    )  # fmt: skip
    answer = request.POST.get("answer", "")
    return form.answer(
        request,
        lambda at: helping.note_call(
            call_id=call_id,
            is_reached=answer != "missed",
            is_satisfied={"satisfied": True, "unsatisfied": False}.get(answer),
            said=request.POST.get("said", ""),
            actor=actor,
            at=at,
        ),
    )
