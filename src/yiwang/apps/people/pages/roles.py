"""Roles and new posts, for the security administrator."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.people import permissions
from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.domain.vocabulary import Separation
from yiwang.apps.people.granting import TITLES, NewPost, add_post, save_role
from yiwang.apps.people.models import Organ, Post, Role, Window
from yiwang.apps.people.pages.places_acts import MendError
from yiwang.foundation.access import all_permissions
from yiwang.foundation.access.permissions import duties_of
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import ActForm, line, textarea

LIST = "/admin/roles/"


@staff_page(permissions.ASSIGN_POSTS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every role with its permissions, and permissions that no role has: what an upgrade brought
    is not given to anybody by itself."""
    rows = list(Role.objects.order_by("separation", "name"))
    labels = {p.code: p.label for p in all_permissions()}
    given = {code for row in rows for code in row.permissions}
    context = {
        "rows": [
            {
                "role": row,
                "duty": TITLES.get(Separation(row.separation), ""),
                "labels": [labels.get(code, code) for code in row.permissions],
            }
            for row in rows
        ],
        "unused": [label for code, label in labels.items() if code not in given],
        "buttons": [{"label": "登记角色", "kind": "secondary", "url": f"{LIST}new/"}],
    }
    return render(request, "people/roles.html", context)


def _reason(typed: Any) -> dict[str, Any]:
    return textarea("reason", "依据或理由", typed, rows=2, maxlength=200)


def _mended(act: Any, **values: Any) -> Any:
    try:
        return act(**values)
    except AdministrationError as error:
        if error.fields:
            raise MendError(error.fields) from error
        raise


def _form(title: str, button: str, done: str, back: str, fields: Any, **more: Any) -> ActForm:
    return ActForm(title, button, done, back, fields, (MendError,), (AdministrationError,), **more)


def _role_fields(request: HttpRequest, row: Role | None) -> Any:
    duty = row.separation if row is not None else Separation.NONE.value
    is_posted = request.method == "POST"
    chosen = request.POST.getlist("permissions") if is_posted else (row.permissions if row else [])

    def fields(typed: Any) -> list[dict[str, Any]]:
        options = [
            {"value": p.code, "label": p.label, "hint": p.code, "selected": p.code in chosen}
            for p in all_permissions()
            if duty in duties_of(p.code)
        ]
        new = [line("code", "代码", typed, maxlength=40, width="w-20",
                    hint="小写字母、数字和下划线,登记以后不能改。")]  # fmt: skip
        return [
            *(new if row is None else []),
            line("name", "名称", typed, maxlength=40, value=row.name if row else ""),
            {"name": "permissions", "label": "权限", "kind": "checkboxes", "options": options},
            _reason(typed),
        ]

    return fields


def _save(request: HttpRequest, code: str, *, is_new: bool) -> Any:
    return lambda at: _mended(
        save_role,
        code=code,
        name=request.POST.get("name", ""),
        codes=request.POST.getlist("permissions"),
        reason=request.POST.get("reason", ""),
        is_new=is_new,
        actor=request.actor,  # type: ignore[attr-defined]
        at=at,
    )


@staff_page(permissions.ASSIGN_POSTS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = _form("登记角色", "登记", "已登记,可以用它登记岗位。", LIST, _role_fields(request, None))
    return form.answer(request, _save(request, request.POST.get("code", ""), is_new=True))


@staff_page(permissions.ASSIGN_POSTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    row = Role.objects.filter(pk=code).first()
    if row is None:
        raise Http404
    held = Post.objects.filter(role=row).count()
    form = _form(
        f"角色「{row.name}」的权限",
        "保存",
        "已保存,担任这个角色的人下一次操作起生效。",
        LIST,
        _role_fields(request, row),
        note=f"{held} 个岗位用这个角色;调整写入操作记录和安全日志。",
    )
    return form.answer(request, _save(request, row.code, is_new=False))


@staff_page(permissions.ASSIGN_POSTS)
@require_http_methods(["GET", "POST"])
def new_post(request: HttpRequest) -> HttpResponse:
    """A post at an organ; a window post works for its window's item package."""

    def choices(name: str, label: str, rows: Any, typed: Any, **more: Any) -> dict[str, Any]:
        options = [{"value": "", "label": "请选择"}] + [
            {"value": value, "label": text, "selected": typed.get(name) == value}
            for value, text in rows
        ]
        return {"name": name, "label": label, "kind": "select", "options": options, **more}

    def fields(typed: Any) -> list[dict[str, Any]]:
        roles = Role.objects.order_by("name").values_list("code", "name")
        organs = Organ.objects.filter(valid_until=None).order_by("id").values_list("slug", "name")
        windows = Window.objects.filter(valid_until=None).select_related("hall").order_by("id")
        return [
            line("name", "岗位名称", typed, maxlength=80),
            choices("role", "角色", roles, typed),
            choices("organ", "机构", organs, typed),
            line("area", "管辖区域代码", typed, maxlength=12, width="w-20", hint="十二位。"),
            choices("window", "窗口", [(str(w.pk), f"{w.hall.name} {w}") for w in windows], typed,
                    is_optional=True, hint="窗口岗位才选。"),
            _reason(typed),
        ]  # fmt: skip

    form = _form("登记岗位", "登记", "已登记,可以分配给人。", "/admin/posts/", fields)
    data = request.POST
    window = data.get("window", "")
    wanted = NewPost(
        name=data.get("name", ""),
        role=data.get("role", ""),
        organ=data.get("organ", ""),
        area=data.get("area", "").strip(),
        window=int(window) if window.isdecimal() and len(window) < 19 else None,
    )
    return form.answer(
        request,
        lambda at: _mended(
            add_post,
            wanted=wanted,
            reason=data.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )
