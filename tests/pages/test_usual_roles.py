"""The usual roles: what they may, who is offered them, and how one is registered from them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from lxml import html
from tests.acting import actor
from tests.pages.client import signed_in

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.domain.usual_roles import USUAL_ROLES, usual_role
from yiwang.apps.people.domain.vocabulary import Separation
from yiwang.apps.people.granting import save_role
from yiwang.apps.people.models import Organ, Post, PostHolding, Role
from yiwang.apps.people.pages.roles import room_of
from yiwang.foundation.access import all_permissions
from yiwang.foundation.access.permissions import duties_of
from yiwang.site.demonstration.accounts import city

pytestmark = pytest.mark.django_db
SECURITY = "qin-security"
REASON = "市政务服务管理局 2026 年 3 号文"
LIST = "/admin/roles/"
# Permissions that neither a usual role nor an administrator has, and why.
NOT_GIVEN: dict[str, str] = {}


def opened(path: str) -> Any:
    return html.fromstring(signed_in(SECURITY).get(path).content.decode())


def ticked(page: Any) -> set[str]:
    return {*page.xpath('//input[@name="permissions"][@checked]/@value')}


def test_a_usual_role_has_declared_permissions_of_ordinary_roles_and_a_purpose() -> None:
    for one in USUAL_ROLES:
        assert [c for c in one.permissions if "NONE" not in duties_of(c)] == [], one.code
        assert one.permissions and len(set(one.permissions)) == len(one.permissions), one.code
        assert one.purpose.endswith("。") and one.purpose.count("。") == 1, one.code
    for values in ([r.code for r in USUAL_ROLES], [r.name for r in USUAL_ROLES]):
        assert [value for value, number in Counter(values).items() if number > 1] == []


def test_with_the_administrators_every_permission_of_staff_is_given_to_somebody() -> None:
    given = {code for one in USUAL_ROLES for code in one.permissions}
    administrators = {*Separation} - {Separation.NONE}
    open_ones = {
        p.code
        for p in all_permissions()
        if p.duties and p.code not in given and not p.duties & {d.value for d in administrators}
    }
    assert open_ones == {*NOT_GIVEN}


def test_the_demonstrations_roles_are_the_usual_ones_and_the_administrators() -> None:
    usual = {one.code: (one.name, list(one.permissions), "NONE") for one in USUAL_ROLES}
    own = {r["code"]: (r["name"], r["permissions"], r["separation"]) for r in city()["roles"]}
    assert all(separation != "NONE" for _, _, separation in own.values())
    kept = {r.code: (r.name, r.permissions, r.separation) for r in Role.objects.all()}
    assert kept == usual | own


def test_every_permission_belongs_to_a_room_with_a_name() -> None:
    assert all(room_of(p.code) for p in all_permissions())
    assert room_of("seals.propose") == room_of("templates.propose") == "法律文书"
    with pytest.raises(LookupError):
        room_of("nowhere.act")


def test_a_role_that_is_missing_is_offered_filled_in_and_registered_with_a_reason() -> None:
    assert opened(LIST).xpath('//h2[.="常用角色"]') == []
    clerk = usual_role("maker")
    assert clerk is not None
    PostHolding.objects.filter(post__role_id="maker").delete()
    Post.objects.filter(role_id="maker").delete()
    Role.objects.filter(pk="maker").delete()
    page = opened(LIST)
    assert page.xpath('//h2[.="常用角色"]') and clerk.purpose in page.text_content()
    assert page.xpath('//a[contains(@href, "?like=")]/@href') == [f"{LIST}new/?like=maker"]
    form = opened(f"{LIST}new/?like=maker")
    assert form.xpath('//input[@name="code"]/@value') == ["maker"]
    assert form.xpath('//input[@name="name"]/@value') == ["制证发证人员"]
    assert ticked(form) == {*clerk.permissions} and clerk.purpose in form.text_content()
    typed = {"code": "maker", "name": "制证人员", "permissions": ["certificates.make"]}
    client = signed_in(SECURITY)
    refused = client.post(f"{LIST}new/?like=maker", typed)
    assert refused.status_code == 422 and not Role.objects.filter(pk="maker").exists()
    again = html.fromstring(refused.content.decode())
    assert ticked(again) == {"certificates.make"}
    assert again.xpath('//input[@name="name"]/@value') == ["制证人员"]
    assert client.post(f"{LIST}new/?like=maker", {**typed, "reason": REASON}).status_code == 303
    row = Role.objects.get(pk="maker")
    assert (row.name, row.permissions, row.separation) == (
        "制证人员",
        ["certificates.make"],
        "NONE",
    )
    assert opened(LIST).xpath('//h2[.="常用角色"]') == []


@pytest.mark.parametrize("like", ["", "nobody", "system_admin", '"><script>', "x" * 999])
def test_what_is_no_usual_role_is_ignored(like: str) -> None:
    form = opened(f"{LIST}new/?like={quote(like)}")
    assert form.xpath('//input[@name="code"]/@value') in ([], [""])
    assert ticked(form) == set()


def test_permissions_are_offered_room_by_room_with_a_legend() -> None:
    form = opened(f"{LIST}new/")
    whole = form.xpath('//fieldset[@id="id_permissions"]')[0]
    groups = whole.xpath('.//fieldset[contains(@class, "choice-group")]')
    names = [group.xpath("string(legend)") for group in groups]
    assert {"办件", "事项目录", "证照", "咨询投诉", "政务大厅", "电子监察"} <= {*names}
    assert len(set(names)) == len(names)
    for group, name in zip(groups, names, strict=True):
        assert {room_of(code) for code in group.xpath(".//input/@value")} == {name}
    offered = whole.xpath(".//input/@value")
    assert sorted(offered) == [p.code for p in all_permissions() if "NONE" in p.duties]
    ids = form.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert {*whole.xpath(".//label/@for")} == {*whole.xpath(".//input/@id")}


def test_applying_is_of_applicants_and_of_no_role(at: datetime) -> None:
    for path in (f"{LIST}new/", f"{LIST}reviewer/", f"{LIST}system_admin/"):
        assert "cases.apply" not in opened(path).xpath('//input[@name="permissions"]/@value')
    Role.objects.filter(separation="NONE").update(permissions=["cases.receive"])
    told = opened(LIST).xpath('//*[contains(@class, "notice")]')[0].text_content()
    assert "批准延长期限" in told and "申请办理" not in told
    for code in ("some_role", "audit_admin"):
        with pytest.raises(AdministrationError) as refused, transaction.atomic():
            save_role(
                code=code, name="试一试", codes=["cases.apply"], reason=REASON,
                is_new=code == "some_role", actor=actor(SECURITY, at), at=at,
            )  # fmt: skip
        assert "申请人本来就有" in refused.value.fields["permissions"]


def test_many_permissions_without_a_role_are_told_by_their_number() -> None:
    assert opened(LIST).xpath('//*[contains(., "还没有给任何角色")]') == []
    role = Role.objects.get(pk="catalog_publisher")
    role.permissions = ["catalog.edit"]
    role.save()
    few = opened(LIST).xpath('//*[contains(@class, "notice")]')[0]
    assert "审核发布事项" in few.text_content() and few.xpath(".//details") == []
    Role.objects.filter(separation="NONE").update(permissions=["catalog.edit"])
    many = opened(LIST).xpath('//*[contains(@class, "notice")]')[0]
    given = {code for codes in Role.objects.values_list("permissions", flat=True) for code in codes}
    number = len({p.code for p in all_permissions() if p.duties} - given)
    assert number > 10
    assert f"一共 {number} 项" in many.text_content()
    assert "审核发布事项" in many.xpath("string(.//details)")
    assert "审核发布事项" not in many.xpath("string(p)")


def post(**more: str) -> Any:
    typed = {"name": "引导一岗", "role": "reviewer", "organ": "taolin-centre", "reason": REASON}
    return signed_in(SECURITY).post("/admin/posts/new/", typed | more)


def test_a_post_without_an_area_works_for_its_organs_own() -> None:
    hint = opened("/admin/posts/new/").xpath('string(//*[@id="id_area-hint"])')
    assert "不填就是机构自己的区域" in hint
    assert post(area="  ").status_code == 303
    row = Post.objects.get(name="引导一岗")
    assert row.area_id == Organ.objects.get(slug="taolin-centre").area_id == "990102000000"
    assert post(name="引导二岗", area="990100000000").status_code == 303
    assert Post.objects.get(name="引导二岗").area_id == "990100000000"


def test_an_area_that_is_typed_must_be_there_and_no_organ_is_one_problem_only() -> None:
    wrong = post(area="990109000000")
    assert wrong.status_code == 422 and "没有这个区域" in wrong.content.decode()
    nobody = post(organ="nobody")
    said = nobody.content.decode()
    assert nobody.status_code == 422 and "请选择机构" in said and "没有这个区域" not in said
    assert not Post.objects.filter(name="引导一岗").exists()
