"""Texts for opinions and reasons: one's own and the organ's; and filling one into a form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.filters import WorkList
from yiwang.apps.cases.domain.templates import FIELDS, LONGEST, Place, TemplateState, TemplateUse
from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.models import OpinionTemplate
from yiwang.apps.cases.operations import templating
from yiwang.apps.cases.pages.filtering import items_for
from yiwang.apps.cases.pages.screen import Attempt, case_page
from yiwang.apps.cases.queries import whole_case
from yiwang.foundation.access import Actor
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, radios, textarea

HOME = "/work/templates/"
WRITERS = (permissions.ACCEPT, permissions.REVIEW, permissions.DECIDE, permissions.PAUSE)


@require_GET
@staff_page(*WRITERS)
def listing(request: HttpRequest) -> HttpResponse:
    """One's own, and the organ's with what waits for a second person. Two statements."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    organs = actor.organ_ids(permissions.KEEP_TEMPLATES)
    of_organ = OpinionTemplate.objects.filter(organ_id__in=organs)
    context = {
        "own": OpinionTemplate.objects.filter(account_id=actor.account_id or 0).order_by(
            "use", "id"
        ),
        "of_organ": of_organ.exclude(state=TemplateState.RETIRED).order_by("use", "id")[:100],
        "keeps": bool(organs),
        "me": actor.ref,
    }
    return render(request, "cases/staff/templates.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    places = "、".join(f"{{{place}}}" for place in Place)
    scopes = [("own", "自己用", "")]
    scopes += _organs(actor)
    items = _items(actor, request)
    form = ActForm(
        title="新建意见模板",
        button="保存",
        done="模板已保存。",
        back=HOME,
        invalid=(InvalidInputError,),
        refused=(NotNowError,),
        note="模板只写常用的意见和理由;认定的事实要逐件查明、逐件写。",
        fields=lambda typed: [
            radios("scope", "谁用", typed, scopes, value="own"),
            radios("use", "用途", typed, [(u.value, u.label, "") for u in TemplateUse]),
            line("title", "标题", typed, maxlength=30, width="w-20"),
            textarea("text", "内容", typed, maxlength=LONGEST,
                     hint=f"可以写 {places},使用时自动填写。"),
            radios("item_code", "只用于哪个事项", typed, [("", "所有事项", ""), *items]),
            line("step", "只用于哪个环节", typed, maxlength=40, is_optional=True, width="w-20",
                 hint="填环节的名称,例如:资料审查;不填则所有环节可用。"),
        ],
    )  # fmt: skip
    text = {name: request.POST.get(name, "") for name in ("use", "title", "text", "step")}
    code = request.POST.get("item_code", "")
    return form.answer(
        request,
        lambda at: templating.add_template(
            new=templating.Text(**text, item_code=code if code in {c for c, _, _ in items} else ""),
            organ=_organ_of(request.POST.get("scope", "")),
            actor=actor,
            at=at,
        ),
    )


def _organs(actor: Actor) -> list[tuple[str, str, str]]:
    """The organs one may keep texts of, as choices."""
    labels = {
        posting.organ_id: posting.organ_label
        for posting in actor.postings
        if permissions.KEEP_TEMPLATES.code in posting.permissions and posting.organ_id is not None
    }
    hint = "由这个单位的另一位工作人员确认后使用"
    return [(f"organ-{pk}", f"{label}用", hint) for pk, label in labels.items()]


def _organ_of(scope: str) -> int | None:
    """The organ of a choice; the operation asks whether this actor may."""
    number = scope.removeprefix("organ-")
    is_organ = scope != number and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if is_organ else None


def _items(actor: Actor, request: HttpRequest) -> list[tuple[str, str, str]]:
    at = request.at  # type: ignore[attr-defined]
    work_list = WorkList.REVIEW if actor.may(permissions.REVIEW) else WorkList.ACCEPT
    return [(code, name, "") for code, name in items_for(work_list, actor, at)]


@require_POST
@staff_page(*WRITERS)
def change(request: HttpRequest, template_id: int) -> HttpResponse:
    """Confirm it as the second person, or let it go."""
    who: dict[str, Any] = {"actor": request.actor, "at": request.at}  # type: ignore[attr-defined]
    try:
        if request.POST.get("do") == "confirm":
            templating.confirm_template(template_id=template_id, **who)
            messages.success(request, "已确认,本单位可以使用。")
        else:
            templating.remove_template(template_id=template_id, **who)
            messages.success(request, "这条模板不再使用。")
    except NotNowError as error:
        messages.warning(request, error.message)
    return HttpResponseRedirect(HOME, status=303)


@require_POST
@staff_page(*WRITERS)
def fill(request: HttpRequest, case_id: int, slug: str) -> HttpResponse:
    """Without a script: the case again with the text put behind what was typed; nothing is done
    and nothing typed is lost."""
    if slug not in FIELDS:
        raise Http404
    actor: Actor = request.actor  # type: ignore[attr-defined]
    whole = whole_case(case_id, actor=actor)
    wanted = request.POST.get("template", "")
    rows = templating.usable_templates(whole.case, actor=actor)
    row = next((r for r in rows if str(r.pk) == wanted and r.use == FIELDS[slug][0]), None)
    data = request.POST.copy()
    if row is not None:
        text = templating.text_for(row, templating.values_for(whole.case, whole.materials))
        _put(data, FIELDS[slug][1], text)
    return case_page(request, case_id, attempt=Attempt(slug, data))


def _put(data: Any, name: str, text: str) -> None:
    """Behind what is there; of several lines into the first empty one."""
    values = data.getlist(name) or [""]
    place = next((i for i, value in enumerate(values) if not value.strip()), len(values) - 1)
    values[place] = f"{values[place]}{text}"
    data.setlist(name, values)
