"""A staff account, and a one-time password: shown once on the answer's own page, never again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.apps.people import permissions
from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.granting import create_staff, renew_password
from yiwang.apps.people.pages.signing import redirect
from yiwang.foundation.shell.access import staff_page
from yiwang.foundation.shell.act_form import line


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    errors: dict[str, str] = {}
    typed = {name: request.POST.get(name, "") for name in ("login", "label")}
    if request.method == "POST":
        try:
            account, secret = create_staff(
                **typed,
                actor=request.actor,  # type: ignore[attr-defined]
                at=request.at,  # type: ignore[attr-defined]
            )
        except AdministrationError as error:
            errors = error.fields
        else:
            context = {"account": account, "secret": secret, "is_new": True}
            return render(request, "people/one_time.html", context)
    fields = [
        line("label", "姓名", typed, maxlength=60, width="w-12"),
        line("login", "登录名", typed, maxlength=60, width="w-20",
             hint="小写字母、数字和连字符,例如 zhang-san。登记以后不能改。"),
    ]  # fmt: skip
    for one in fields:
        one["error"] = errors.get(one["name"], "")
    context = {
        "fields": fields,
        "errors": [{"text": text, "url": f"#id_{name}"} for name, text in errors.items()],
    }
    return render(request, "people/account_new.html", context, status=422 if errors else 200)


@staff_page(permissions.MANAGE_ACCOUNTS)
@require_POST
def renew(request: HttpRequest, account_id: int) -> HttpResponse:
    """After the person proved who they are; the old password stops at once."""
    try:
        account, secret = renew_password(
            account_id=account_id,
            actor=request.actor,  # type: ignore[attr-defined]
            at=request.at,  # type: ignore[attr-defined]
        )
    except AdministrationError as error:
        messages.warning(request, error.message)
        return redirect(f"/admin/accounts/{account_id}/")
    context = {"account": account, "secret": secret, "is_new": False}
    return render(request, "people/one_time.html", context)
