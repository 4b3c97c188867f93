"""Roles and new posts, for the security administrator."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.people import permissions
from yiwang.apps.people.domain.vocabulary import Separation
from yiwang.apps.people.granting import TITLES, NewPost, add_post, save_role
from yiwang.apps.people.models import Organ, Post, Role, Window
from yiwang.apps.people.pages.places_acts import admin_form, reason_field
from yiwang.foundation.access import all_permissions
from yiwang.foundation.access.permissions import duties_of
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import line, select

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
            reason_field(typed),
        ]

    return fields


def _save(request: HttpRequest, code: str, *, is_new: bool) -> Any:
    return lambda at: save_role(
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
    form = admin_form(
        "登记角色", "登记", "已登记,可以用它登记岗位。", LIST, _role_fields(request, None)
    )
    return form.answer(request, _save(request, request.POST.get("code", ""), is_new=True))


@staff_page(permissions.ASSIGN_POSTS)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponse:
    row = Role.objects.filter(pk=code).first()
    if row is None:
        raise Http404
    held = Post.objects.filter(role=row).count()
    form = admin_form(
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

    none = ("", "请选择")

    def fields(typed: Any) -> list[dict[str, Any]]:
        roles = Role.objects.order_by("name").values_list("code", "name")
        organs = Organ.objects.filter(valid_until=None).order_by("id").values_list("slug", "name")
        windows = Window.objects.filter(valid_until=None).select_related("hall").order_by("id")
        return [
            line("name", "岗位名称", typed, maxlength=80),
            select("role", "角色", typed, [none, *roles]),
            select("organ", "机构", typed, [none, *organs]),
            line("area", "管辖区域代码", typed, maxlength=12, width="w-20", hint="十二位。"),
            select("window", "窗口", typed,
                   [none, *((str(w.pk), f"{w.hall.name} {w}") for w in windows)],
                   is_optional=True, hint="窗口岗位才选。"),
            reason_field(typed),
        ]  # fmt: skip

    form = admin_form("登记岗位", "登记", "已登记,可以分配给人。", "/admin/posts/", fields)
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
        lambda at: add_post(
            wanted=wanted,
            reason=data.get("reason", ""),
            actor=request.actor,  # type: ignore[attr-defined]
            at=at,
        ),
    )
