"""Every view says who may open it; a test walks all routes and fails for one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from yiwang.foundation.access import AccessDeniedError, Permission

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
RULE = "access_rule"


def public_page(view: View) -> View:
    """Anybody may open it: it shows nothing personal."""
    setattr(view, RULE, "public")
    return view


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if getattr(request, "needs_password", False):
        return HttpResponseRedirect(f"/password/?next={quote(request.get_full_path())}")
    if getattr(request, "needs_second_factor", False):
        return HttpResponseRedirect(f"/second-factor/?next={quote(request.get_full_path())}")
    expired = "&expired=1" if getattr(request, "session_timed_out", False) else ""
    return HttpResponseRedirect(f"/sign-in/?next={quote(request.get_full_path())}{expired}")


def citizen_page(view: View) -> View:
    """A signed-in natural person (an applicant, or somebody's representative)."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = request.actor  # type: ignore[attr-defined]
        if actor.ref == "anonymous":
            return _sign_in(request)
        if actor.party_id is None:
            raise AccessDeniedError(
                "这是申请人的页面。您现在用工作人员账号登录,请用个人账号登录后打开。"
            )
        return view(request, *args, **kwargs)

    setattr(checked, RULE, "citizen")
    return checked  # type: ignore[return-value]


def staff_page(*permissions: Permission) -> Callable[[View], View]:
    """A member of staff holding any of the permissions."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = request.actor  # type: ignore[attr-defined]
            if actor.ref == "anonymous":
                return _sign_in(request)
            if not any(actor.may(permission) for permission in permissions):
                names = "、".join(f"「{p.label}」" for p in permissions)
                raise AccessDeniedError(f"打开这个页面需要{names}权限,请与本单位系统管理员联系。")
            return view(request, *args, **kwargs)

        setattr(checked, RULE, ",".join(p.code for p in permissions))
        return checked  # type: ignore[return-value]

    return decorate


def signed_in_page(view: View) -> View:
    """Anybody signed in; the view itself asks what they may see."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.actor.ref == "anonymous":  # type: ignore[attr-defined]
            return _sign_in(request)
        return view(request, *args, **kwargs)

    setattr(checked, RULE, "signed-in")
    return checked  # type: ignore[return-value]
