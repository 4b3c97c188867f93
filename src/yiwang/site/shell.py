"""What every page shows around its content."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from yiwang.apps.supervision.public import LateReason, late_reason_of
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.foundation.messaging.reading import MOST_COUNTED, unread_count
from yiwang.foundation.shell.context import NavItem, Shell
from yiwang.kernel.moment import chinese_date

# (permission code, label, address): work by job, not by module.
STAFF_NAV = (
    ("cases.receive", "窗口收件", "/window/"),
    ("cases.accept", "待受理", "/work/accept/"),
    ("cases.review", "审查", "/work/review/"),
    ("cases.deliver", "发证送达", "/work/deliver/"),
    ("cases.receive", "代收移交", "/work/taken-in/"),
    ("cases.help", "帮办代办", "/help/"),
    ("hall.serve", "帮办专区", "/zones/"),
    ("hall.book", "帮办专区", "/zones/"),
    ("certificates.make", "制证", "/making/"),
    ("certificates.make", "空白证照", "/blanks/"),
    ("certificates.ledger", "发证台账", "/issued/"),
    ("cases.read_organ", "本单位办件", "/work/cases/"),
    ("certificates.propose", "证照管理", "/certificates/"),
    ("certificates.cancel", "证照管理", "/certificates/"),
    ("enquiries.answer", "咨询投诉", "/enquiries/"),
    ("enquiries.handle", "咨询投诉", "/enquiries/"),
    ("enquiries.oversee", "咨询投诉", "/enquiries/"),
    ("oversight.check", "承诺核查", "/follow-ups/"),
    ("archives.keep", "办件档案", "/archives/"),
    ("oversight.sample", "办件抽查", "/samples/"),
    ("oversight.answer", "办件抽查", "/samples/"),
    ("supervision.watch", "电子监察", "/cards/"),
    ("supervision.respond", "电子监察", "/cards/"),
    ("cases.supervise", "超期监督", "/supervision/"),
    ("cases.watch_halls", "进驻和一窗", "/halls-at-work/"),
    ("ratings.invite", "本次到窗", "/visits/"),
    ("ratings.handle", "好差评", "/bad-ratings/"),
    ("ratings.approve", "好差评", "/bad-ratings/"),
    ("ratings.watch", "好差评", "/bad-ratings/"),
    ("hall.audit", "绿色通道核查", "/green-uses/"),
    ("people.register_relations", "委托与监护", "/relations/"),
    ("people.enter_dishonesty", "失信名单", "/dishonesty/"),
    ("people.confirm_dishonesty", "失信名单", "/dishonesty/"),
    ("catalog.edit", "事项目录", "/catalog/"),
    ("people.manage_accounts", "账号", "/admin/accounts/"),
    ("people.manage_accounts", "机构与窗口", "/admin/organs/"),
    ("hall.keep", "帮办专区", "/zones/"),
    ("people.assign_posts", "岗位授权", "/admin/posts/"),
    ("people.assign_posts", "角色权限", "/admin/roles/"),
    ("partners.propose", "接入系统", "/admin/clients/"),
    ("partners.confirm", "接入系统", "/admin/clients/"),
    ("people.manage_calendar", "工作日历", "/admin/calendar/"),
    ("parameters.propose", "参数与时限", "/admin/parameters/"),
    ("parameters.confirm", "参数与时限", "/admin/parameters/"),
    ("certificates.note_outage", "数据源", "/admin/sources/"),
    ("seals.propose", "机关印章", "/admin/seals/"),
    ("seals.confirm", "机关印章", "/admin/seals/"),
    ("templates.propose", "文书模板", "/admin/templates/"),
    ("templates.confirm", "文书模板", "/admin/templates/"),
    ("people.manage_jobs", "任务与失败", "/admin/jobs/"),
    ("people.read_messages", "消息发件箱", "/admin/messages/"),
    ("people.read_security_log", "安全日志", "/admin/security/"),
    ("people.read_record", "操作记录", "/admin/record/"),
)
MESSAGES = "/my/messages/"
CITIZEN_NAV = (
    ("首页", "/"),
    ("办事", "/items/"),
    ("我的办件", "/my/"),
    ("消息", MESSAGES),
    ("我的证照", "/my/certificates/"),
    ("授权委托", "/my/authorisations/"),
    ("谁看过我的信息", "/my/disclosures/"),
    ("我的账号", "/my/account/"),
)


def shell_context(request: HttpRequest) -> dict[str, Any]:
    """Template context processor."""
    actor: Actor | None = getattr(request, "actor", None)
    settings = environment()
    path, here = request.path, quote(request.get_full_path())
    is_staff = actor is not None and actor.is_staff
    edition = request.COOKIES.get("edition", "standard")
    return {
        "actor": actor,
        # Asked only where a page uses it: why the case in the address was not decided in time.
        "late_reason": partial(_late_reason, request),
        "rating_prompt": partial(_rating_prompt, request),
        "shell": Shell(
            city=settings.city,
            user_label=actor.label if actor else "",
            role_label=_role(actor),
            nav=_nav(actor, path),
            demo_clock=_demo_clock(request) if settings.is_demo else "",
            demo_form="site/_demo_form.html" if settings.is_demo else "",
            is_demo=settings.is_demo,
            edition=edition if edition in ("standard", "elder") else "standard",
            edition_url=f"/edition/?next={here}",
            accessibility_url="/accessibility/",
            login_url="" if actor and actor.label else f"/sign-in/?next={here}",
            logout_url="/sign-out/" if actor and actor.label else "",
            search_url=_search_url(actor),
            is_staff=is_staff,
        ),
    }


def _late_reason(request: HttpRequest) -> LateReason | None:
    match = request.resolver_match
    case_id = match.kwargs.get("case_id") if match else None
    return late_reason_of(case_id) if case_id is not None else None


def _rating_prompt(request: HttpRequest) -> str:
    """Where the window shows the applicant of this case the code to rate it; "" for others."""
    actor: Actor | None = getattr(request, "actor", None)
    held = {code for p in actor.postings for code in p.permissions} if actor else set()
    match = request.resolver_match
    case_id = match.kwargs.get("case_id") if match else None
    return f"/visits/cases/{case_id}/" if case_id is not None and "ratings.invite" in held else ""


def _search_url(actor: Actor | None) -> str:
    """Where the search in the head leads: items for applicants, cases for those who work them."""
    if actor is None or not actor.is_staff:
        return "/items/"
    work = {"cases.receive", "cases.review", "cases.read_organ"}
    return "/work/find/" if any(work & posting.permissions for posting in actor.postings) else ""


def _role(actor: Actor | None) -> str:
    if actor is None or not actor.postings:
        return ""
    first = actor.postings[0]
    deputy = "(代B角)" if first.is_deputy else ""
    more = f" 等 {len(actor.postings)} 岗" if len(actor.postings) > 1 else ""
    return f"{first.organ_label} {first.post_label}{deputy}{more}"


def _nav(actor: Actor | None, path: str) -> list[NavItem]:
    if actor is not None and actor.is_staff:
        held = {code for posting in actor.postings for code in posting.permissions}
        # Two permissions may lead to one page: one entry.
        entries = dict.fromkeys((label, url) for code, label, url in STAFF_NAV if code in held)
        return [NavItem(label, url, path.startswith(url)) for label, url in entries]
    shown = CITIZEN_NAV if actor is not None and actor.party_id else CITIZEN_NAV[:2]
    return [
        NavItem(
            label,
            url,
            path == url if url in ("/", "/my/") else path.startswith(url),
            _unread(actor) if actor is not None and url == MESSAGES else None,
        )
        for label, url in shown
    ]


def _unread(actor: Actor) -> str | None:
    """「3 未读」, or None where everything was read."""
    number = unread_count(actor.represents | {actor.party_id} if actor.party_id else ())
    shown = f"{number - 1}+" if number == MOST_COUNTED else str(number)
    return f"{shown} 未读" if number else None


def staff_start(actor: Actor) -> str:
    """The first work of somebody's posts; the portal's home for everybody else."""
    nav = _nav(actor, "")
    return str(nav[0].url) if actor.is_staff and nav else "/"


def _demo_clock(request: HttpRequest) -> str:
    at = getattr(request, "at", None) or now()
    return f"演示时间 {chinese_date(at.date())} {at:%H:%M}"
