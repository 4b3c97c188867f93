"""An empty platform gets its administrators, and they get everybody else to work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from tests.acting import actor
from tests.pages.client import signed_in

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.domain.vocabulary import Separation
from yiwang.apps.people.granting import first_administrators, save_role
from yiwang.apps.people.models import Account, Post, PostHolding, Role, SecurityEvent
from yiwang.apps.people.queries import load_actor
from yiwang.apps.people.signing_in import note
from yiwang.foundation.access import AccessDeniedError, all_permissions, system_actor
from yiwang.foundation.access.permissions import duties_of
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
SYSTEM, SECURITY = "zhu-system", "qin-security"
OWN = "一句很长的话当密码用"
REASON = "市政务服务管理局 2026 年 3 号文"


def enter(login: str, password: str) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": login, "password": password})
    return client


def change(client: Client, old: str, new: str, again: str = "") -> Any:
    return client.post("/password/", {"old": old, "new": new, "again": again or new})


def test_a_new_member_of_staff_from_the_account_to_the_first_act() -> None:
    made = signed_in(SYSTEM).post("/admin/accounts/new/", {"login": "gu-new", "label": "顾新"})
    page = made.content.decode()
    secret = re.search(r"[a-z0-9]{4}(?:-[a-z0-9]{4}){3}", page)
    assert secret is not None and "只显示这一次" in page
    account = Account.objects.get(login="gu-new")
    assert account.is_staff and account.must_change_password
    client = enter("gu-new", secret[0])
    assert client.get("/window/").headers["Location"].startswith("/password/")
    assert "一次性密码" in client.get("/password/").content.decode()
    for new, says in (("short", "10 到"), ("1234567890123", "不能全是数字"),
                      ("gu-new-and-more", "登录名"), ("password12", "太常见")):  # fmt: skip
        refused = change(client, secret[0], new)
        assert refused.status_code == 422 and says in refused.content.decode()
    assert "不一样" in change(client, secret[0], OWN, OWN + "x").content.decode()
    assert "现在的密码不对" in change(client, "wrong", OWN).content.decode()
    assert change(client, secret[0], OWN).status_code == 303
    # Now the second factor, which staff always have; nothing is open before.
    assert client.get("/window/").headers["Location"].startswith("/second-factor/")
    assert (
        "不对"
        in enter("gu-new", secret[0])
        .post("/sign-in/", {"login": "gu-new", "password": secret[0]})
        .content.decode()
    )
    assert load_actor(account.pk, at=now()).actor.postings == ()  # type: ignore[union-attr]


def test_the_security_log_tells_of_accounts_passwords_and_roles_in_words(at: datetime) -> None:
    signed_in(SYSTEM).post("/admin/accounts/new/", {"login": "gu-new", "label": "顾新"})
    account = Account.objects.get(login="gu-new")
    signed_in(SYSTEM).post(f"/admin/accounts/{account.pk}/password/")
    assert change(enter("lin-xiaoman", "yiwang-demo"), "yiwang-demo", OWN).status_code == 303
    role = Role.objects.get(pk="window_clerk")
    with transaction.atomic():
        save_role(
            code=role.pk, name=role.name, codes=role.permissions[:3], reason=REASON,
            is_new=False, actor=actor(SECURITY, at), at=at,
        )  # fmt: skip
    page = signed_in(SECURITY).get("/admin/security/").content.decode()
    for words in ("登记账号", "发放一次性密码", "修改密码", "调整角色权限"):
        assert words in page
    with pytest.raises(ValueError, match="no words"):
        note("NOBODY_KNOWS", account="", at=at, address=None)


def test_another_session_ends_with_the_password() -> None:
    first, second = enter("lin-xiaoman", "yiwang-demo"), enter("lin-xiaoman", "yiwang-demo")
    assert first.get("/my/").status_code == 200
    assert change(second, "yiwang-demo", OWN).status_code == 303
    assert second.get("/my/").status_code == 200
    assert first.get("/my/").status_code == 302
    assert SecurityEvent.objects.filter(kind="PASSWORD_CHANGED").exists()


def test_five_wrong_old_passwords_lock_as_signing_in_does() -> None:
    client = enter("lin-xiaoman", "yiwang-demo")
    for _ in range(5):
        change(client, "wrong", OWN)
    assert "锁定" in change(client, "yiwang-demo", OWN).content.decode()


def test_a_role_a_post_and_its_holder() -> None:
    client = signed_in(SECURITY)
    typed = {"code": "hall_guide", "name": "大厅引导员", "permissions": ["cases.receive"]}
    assert client.post("/admin/roles/new/", typed).status_code == 422  # no reason
    assert client.post("/admin/roles/new/", {**typed, "reason": REASON}).status_code == 303
    assert "大厅引导员" in client.get("/admin/roles/").content.decode()
    post = {"name": "引导一岗", "role": "hall_guide", "organ": "taolin-centre",
            "area": "990102000000", "reason": REASON}  # fmt: skip
    again = client.post("/admin/posts/new/", {**post, "organ": "nobody"})
    assert again.status_code == 422 and "请选择机构" in again.content.decode()
    assert client.post("/admin/posts/new/", post).status_code == 303
    row = Post.objects.get(name="引导一岗")
    assert client.post("/admin/posts/new/", post).status_code == 422  # of the same name
    given = client.post(f"/admin/posts/{row.pk}/", {"account": "mo-make", "side": "A"})
    assert given.status_code == 303
    assert PostHolding.objects.filter(post=row).count() == 1
    changed = client.post(
        "/admin/roles/hall_guide/",
        {"name": "大厅引导员", "permissions": ["cases.receive", "cases.help"], "reason": REASON},
    )
    assert changed.status_code == 303
    entry = RecordEntry.objects.filter(subject="role:hall_guide").latest("seq")
    assert entry.facts["added"] == ["cases.help"]
    assert SecurityEvent.objects.filter(kind="ROLE_CHANGED").count() == 2


def role(at: datetime, code: str, codes: list[str], **more: Any) -> Role:
    values: dict[str, Any] = {"name": "试一试", "reason": REASON, "is_new": True,
                              "actor": actor(SECURITY, at)}  # fmt: skip
    with transaction.atomic():
        return save_role(code=code, codes=codes, at=at, **{**values, **more})


def test_no_ordinary_role_gets_a_duty_and_no_duty_gets_ordinary_work(at: datetime) -> None:
    reserved = [p.code for p in all_permissions() if p.duties and "NONE" not in p.duties]
    assert {"people.manage_accounts", "people.assign_posts", "seals.confirm"} <= {*reserved}
    for code in reserved:
        with pytest.raises(AdministrationError) as refused:
            role(at, "some_role", ["cases.receive", code])
        assert "三员分离" in refused.value.fields["permissions"]
    for code, wrong in (("system_admin", "people.assign_posts"), ("audit_admin", "cases.decide")):
        had = Role.objects.get(pk=code).permissions
        with pytest.raises(AdministrationError) as refused:
            role(at, code, [*had, wrong], is_new=False)
        assert "三员分离" in refused.value.fields["permissions"]


def test_nobody_changes_their_own_role_and_others_not_at_all(at: datetime) -> None:
    had = Role.objects.get(pk="security_admin").permissions
    with pytest.raises(AdministrationError, match="自己担任"):
        role(at, "security_admin", had, is_new=False)
    with pytest.raises(AccessDeniedError):
        role(at, "new_role", ["cases.receive"], actor=actor(SYSTEM, at))
    with pytest.raises(AdministrationError) as unknown:
        role(at, "new_role", ["cases.everything"])
    assert "没有这个权限" in unknown.value.fields["permissions"]


def test_the_demonstrations_roles_keep_to_the_duties() -> None:
    for row in Role.objects.all():
        assert [c for c in row.permissions if row.separation not in duties_of(c)] == []


def test_a_command_knows_every_permission_without_loading_a_page() -> None:
    """Found by hand: the first system administrator had half of the menu."""
    told = subprocess.run(
        [sys.executable, "-c", "import django; django.setup();"
         "from yiwang.foundation.access import all_permissions;"
         "print(*[p.code for p in all_permissions()])"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split() == [p.code for p in all_permissions()]


def begin(at: datetime) -> Any:
    return first_administrators(
        area=("990100000000", "椰城市"),
        organ={"slug": "first-centre", "name": "某市政务服务中心", "short_name": "政务中心",
               "uscc": "91350100M000100Y43", "document_word": "某政服"},
        names={Separation.SYSTEM: "甲一", Separation.SECURITY: "乙二", Separation.AUDIT: "丙三"},
        actor=system_actor("command"),
        at=at,
    )  # fmt: skip


def test_the_first_three_administrators_of_an_empty_platform(at: datetime) -> None:
    with pytest.raises(AdministrationError, match="已经有工作人员"):
        begin(at)
    PostHolding.objects.all().delete()
    Account.objects.filter(is_staff=True).update(is_staff=False)
    made = begin(at)
    assert {one.duty for one in made} == {*Separation} - {Separation.NONE}
    for one in made:
        account = Account.objects.get(login=one.login)
        signed = load_actor(account.pk, at=at)
        assert signed is not None and signed.must_change_password
        held = {code for posting in signed.actor.postings for code in posting.permissions}
        assert held and all(one.duty.value in duties_of(code) for code in held)
    assert (
        enter(made[0].login, made[0].secret)
        .get("/admin/accounts/")
        .headers["Location"]
        .startswith("/password/")
    )
