"""Roles and new posts, for the security administrator."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.apps.people import permissions
from yiwang.apps.people.domain.usual_roles import USUAL_ROLES, UsualRole, usual_role
from yiwang.apps.people.domain.vocabulary import Separation
from yiwang.apps.people.granting import TITLES, NewPost, add_post, save_role
from yiwang.apps.people.models import Organ, Post, Role, Window
from yiwang.apps.people.pages.places_acts import admin_form, reason_field
from yiwang.foundation.access import all_permissions
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import line, select

LIST = "/admin/roles/"
MANY = 10  # permissions: more are told by their number, and shown by who opens them
# Whose permissions do not begin with the label of the app that declares them.
DECLARED_BY = {"seals": "documents", "templates": "documents"}


@staff_page(permissions.ASSIGN_POSTS)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every role with its permissions; permissions that no role has, because what an upgrade
    brought is not given to anybody by itself; the usual roles that are not there yet."""
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
        "unused": [p.label for p in all_permissions() if p.duties and p.code not in given],
        "many": MANY,
        "usual": _usual_table({row.pk for row in rows}),
        "buttons": [{"label": "登记角色", "kind": "secondary", "url": f"{LIST}new/"}],
    }
    return render(request, "people/roles.html", context)


def _usual_table(registered: set[str]) -> dict[str, Any] | None:
    """The usual roles that are not registered, as a table; None where all are."""
    missing = [one for one in USUAL_ROLES if one.code not in registered]
    if not missing:
        return None
    return {
        "caption": "常用角色",
        "caption_hidden": True,
        "columns": [{"label": "角色"}, {"label": "做什么"}, {"label": "登记"}],
        "rows": [
            {
                "cells": [
                    {"text": one.name, "note": one.code},
                    one.purpose,
                    {"text": f"登记{one.name}", "url": f"{LIST}new/?like={one.code}"},
                ]
            }
            for one in missing
        ],
    }


def room_of(code: str) -> str:
    """The Chinese name of the room a permission belongs to. Raises LookupError."""
    room = code.partition(".")[0]
    return str(apps.get_app_config(DECLARED_BY.get(room, room)).verbose_name)


def _options(duty: str, chosen: Collection[str]) -> list[dict[str, Any]]:
    """What a role of this duty may have, room by room."""
    offered = [p for p in all_permissions() if duty in p.duties]
    order = [str(config.verbose_name) for config in apps.get_app_configs()]
    return [
        {
            "value": p.code,
            "label": p.label,
            "hint": p.code,
            "selected": p.code in chosen,
            "group": room_of(p.code),
        }
        for p in sorted(offered, key=lambda p: (order.index(room_of(p.code)), p.code))
    ]


def _role_fields(request: HttpRequest, row: Role | None, like: UsualRole | None = None) -> Any:
    """The fields of a role that is there, or of a new one; `like` is what it begins with."""
    duty = row.separation if row is not None else Separation.NONE.value
    begun = row or like
    chosen: Collection[str] = begun.permissions if begun else ()
    if request.method == "POST":
        chosen = request.POST.getlist("permissions")

    def fields(typed: Any) -> list[dict[str, Any]]:
        new = [line("code", "代码", typed, maxlength=40, width="w-20",
                    value=like.code if like else "",
                    hint="小写字母、数字和下划线,登记以后不能改。")]  # fmt: skip
        return [
            *(new if row is None else []),
            line("name", "名称", typed, maxlength=40, value=begun.name if begun else ""),
            {"name": "permissions", "label": "权限", "kind": "checkboxes",
             "options": _options(duty, chosen)},
            reason_field(typed),
        ]  # fmt: skip

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
    """A new role, from nothing or from a usual one (`?like=`), which may be changed first."""
    like = usual_role(request.GET.get("like", ""))
    form = admin_form(
        "登记角色",
        "登记",
        "已登记,可以用它登记岗位。",
        LIST,
        _role_fields(request, None, like),
        note=f"已按常用角色「{like.name}」填好,可以增减权限。" if like else "",
        about=[("做什么", like.purpose)] if like else (),
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
            line("area", "管辖区域代码", typed, maxlength=12, width="w-20", is_optional=True,
                 hint="十二位;不填就是机构自己的区域。"),
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
        area=data.get("area", ""),
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
