"""The catalogue edited in plain fields: a draft of what is published, a new item from nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.pages.client import signed_in
from tests.pages.forms import filled

from yiwang.apps.catalog.models import ItemVersion, VersionStatus
from yiwang.apps.catalog.plain.outline import PAGES
from yiwang.apps.catalog.queries import definition_of
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
ITEM, EDITOR, PUBLISHER = "food-business-licence", "xu-editor", "shen-publish"


def draft_of(client: Client) -> ItemVersion:
    assert client.post(f"/catalog/{ITEM}/draft/").status_code == 303
    return ItemVersion.objects.get(item__code=ITEM, status="DRAFT")


def address(row: ItemVersion, part: str) -> str:
    return f"/catalog/versions/{row.pk}/edit/{part}/"


def save(client: Client, url: str, **changes: Any) -> Any:
    changes = {name.replace("__", "."): value for name, value in changes.items()}
    return client.post(url, filled(client.get(url), **changes))


def test_what_is_published_is_changed_in_a_draft_and_in_force_when_another_publishes() -> None:
    client = signed_in(EDITOR)
    assert "修改" in client.get(f"/catalog/{ITEM}/").content.decode()
    row = draft_of(client)
    assert draft_of(client) == row  # a second press finds the same draft
    assert "继续改草稿" in client.get(f"/catalog/{ITEM}/").content.decode()
    page = client.get(f"/catalog/versions/{row.pk}/").content.decode()
    for one in PAGES:
        assert f'href="{address(row, one.key)}"' in page
    saved = save(client, address(row, "basic"), summary="开饭馆以前要办的许可。")
    assert saved.status_code == 303 and saved.headers["Location"].endswith(f"/{row.pk}/")
    count = len(definition_of(row.pk).questions)
    assert (
        save(
            client,
            address(row, "questions"),
            **{f"questions__{count}__question": "要钱吗?", f"questions__{count}__answer": "不要。"},
        ).status_code
        == 303
    )
    page = client.get(f"/catalog/versions/{row.pk}/").content.decode()
    assert "开饭馆以前要办的许可。" in page and "要钱吗?" in page
    assert "要钱吗?" not in Client().get(f"/items/{ITEM}/").content.decode()
    entries = RecordEntry.objects.filter(operation="catalog.draft", facts__version=row.number)
    assert entries.count() == 3
    assert client.post(f"/catalog/versions/{row.pk}/submit/").status_code == 303
    row.refresh_from_db()
    assert client.get(address(row, "basic")).headers["Location"] == f"/catalog/versions/{row.pk}/"
    other = signed_in(PUBLISHER)
    url = f"/catalog/versions/{row.pk}/publish/"
    assert other.post(url, {"digest": row.digest}).status_code == 303
    guide = Client().get(f"/items/{ITEM}/").content.decode()
    assert "开饭馆以前要办的许可。" in guide and "要钱吗?" in guide


def test_what_is_saved_as_it_stands_is_no_new_draft() -> None:
    client = signed_in(EDITOR)
    row = draft_of(client)
    before = (row.digest, RecordEntry.objects.count())
    for page in [page for page in PAGES if page.key != "materials"]:  # which has links alone
        answer = save(client, address(row, page.key))
        assert answer.status_code == 303, (page.key, answer.content.decode())
    row.refresh_from_db()
    assert (row.digest, RecordEntry.objects.count()) == before


def test_two_editors_do_not_overwrite_each_other() -> None:
    first, second = signed_in(EDITOR), signed_in(PUBLISHER)
    row = draft_of(first)
    url = address(row, "basic")
    seen = filled(second.get(url), summary="第二个人写的。")
    assert save(first, url, summary="第一个人写的。").status_code == 303
    answer = second.post(url, seen)
    page = answer.content.decode()
    assert answer.status_code == 422 and "被改过了" in page and "第二个人写的。" in page
    assert second.post(url, filled(answer)).status_code == 422  # not by pressing again
    row.refresh_from_db()
    assert definition_of(row.pk).summary == "第一个人写的。"


def test_who_wrote_any_part_of_a_version_does_not_publish_it() -> None:
    writer, other = signed_in(PUBLISHER), signed_in(EDITOR)
    row = draft_of(writer)
    assert save(writer, address(row, "basic"), summary="审核人自己写的。").status_code == 303
    assert save(other, address(row, "basic"), note="别人只改了一个字。").status_code == 303
    row.refresh_from_db()
    assert other.post(f"/catalog/versions/{row.pk}/submit/").status_code == 303
    page = writer.get(f"/catalog/versions/{row.pk}/").content.decode()
    assert "起草或改过这个版本的人不能发布它" in page
    answer = writer.post(f"/catalog/versions/{row.pk}/publish/", {"digest": row.digest})
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.status == VersionStatus.IN_REVIEW
    third = signed_in("yang-publish").post(
        f"/catalog/versions/{row.pk}/publish/", {"digest": row.digest}
    )
    assert third.status_code == 303


def test_materials_one_by_one_added_mended_moved_and_taken_away() -> None:
    client = signed_in(EDITOR)
    row = draft_of(client)
    url, names = address(row, "materials"), [m.name for m in definition_of(row.pk).materials]
    listed = client.get(url).content.decode()
    assert all(name[:20] in listed for name in names)
    new = f"{url}?item=new"
    place = f"materials__{len(names)}"
    empty = save(client, new, **{f"{place}__advice": "租房的提供。"})
    page = empty.content.decode()
    assert empty.status_code == 422 and "不能为空" in page and "租房的提供。" in page
    assert f'id="id_materials.{len(names)}.name"' in page
    made = save(
        client,
        new,
        **{
            f"{place}__name": "房屋租赁合同",
            f"{place}__basis": "食品安全法",
            f"{place}__points__0__text": "在有效期内",
        },
    )
    assert made.status_code == 303
    added = definition_of(row.pk).materials[-1]
    assert (added.name, added.points[0].text) == ("房屋租赁合同", "在有效期内")
    assert added.code not in [m.code for m in definition_of(row.pk).materials[:-1]]
    one = f"{url}?item={added.code}"
    assert save(client, one, **{f"{place}__order": "1"}).status_code == 303
    assert definition_of(row.pk).materials[0] == added
    assert save(client, one, materials__0__drop="1").status_code == 303
    assert [m.name for m in definition_of(row.pk).materials] == names
    assert client.get(one).status_code == 404


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost() -> None:
    client = signed_in(EDITOR)
    row = draft_of(client)
    answer = save(client, address(row, "limits"), limits__promised__limit="五天左右")
    page = answer.content.decode()
    assert answer.status_code == 422 and 'href="#id_limits.promised.limit"' in page
    assert "五天左右" in page and "格式不对" in page
    answer = save(client, address(row, "form"), form__schema="properties: [")
    assert answer.status_code == 422 and "properties: [" in answer.content.decode()
    assert client.get(address(row, "nothing")).status_code == 404


def test_only_editors_edit_and_a_page_costs_few_statements() -> None:
    client = signed_in(EDITOR)
    row = draft_of(client)
    for stranger in ("lin-xiaoman", "zhao-review"):
        other = signed_in(stranger)
        assert other.get(address(row, "basic")).status_code in (302, 403)
        assert other.post(f"/catalog/{ITEM}/draft/").status_code in (302, 403)
        assert other.get("/catalog/items/new/").status_code in (302, 403)
    client.get(address(row, "materials"))
    with CaptureQueriesContext(connection) as captured:
        client.get(address(row, "materials"))
    assert len(captured) <= 5


def test_a_new_item_goes_from_nothing_to_its_guide_in_plain_fields() -> None:
    client = signed_in(EDITOR)
    typed = {
        "name": "户外广告设置备查", "code": "outdoor-notice", "organ": "taolin-approval",
        "kind": "PUBLIC_SERVICE", "catalog_code": "992099050099", "level": "4",
        "audiences": ["LEGAL_PERSON"], "summary": "设置户外广告以前告诉我们。",
        "law": "城市市容和环境卫生管理条例", "article": "第十一条", "statutory": "",
        "promised": "3天", "review_organ": "桃林区人民政府", "review_address": "桃林区一号",
        "court": "桃林区人民法院",
    }  # fmt: skip
    refused = client.post("/catalog/items/new/", {**typed, "level": "", "code": ITEM})
    page = refused.content.decode()
    assert refused.status_code == 422 and 'href="#id_promised"' in page
    assert 'href="#id_level"' in page and "设置户外广告以前告诉我们。" in page
    typed["promised"] = "3个工作日"
    taken = client.post("/catalog/items/new/", {**typed, "code": ITEM})
    assert taken.status_code == 422 and "已经有事项用了" in taken.content.decode()
    assert client.post("/catalog/items/new/", typed).status_code == 303
    row = ItemVersion.objects.get(item__code="outdoor-notice")
    page = client.get(f"/catalog/versions/{row.pk}/").content.decode()
    assert "没有受理条件" in page and "送审" in page
    assert (
        save(client, address(row, "conditions"), conditions="有固定的设置地点").status_code == 303
    )
    placed = save(
        client,
        address(row, "places"),
        places__0__name="桃林区政务服务大厅", places__0__address="一号", places__0__hours="周一至周五 09:00—17:00", consult_phone="0899-1", complaint_phone="12345",
    )  # fmt: skip
    assert placed.status_code == 303
    assert client.post(f"/catalog/versions/{row.pk}/submit/").status_code == 303
    row.refresh_from_db()
    assert row.status == VersionStatus.IN_REVIEW, client.get(
        f"/catalog/versions/{row.pk}/"
    ).content.decode()
    other = signed_in(PUBLISHER)
    url = f"/catalog/versions/{row.pk}/publish/"
    assert other.post(url, {"digest": row.digest}).status_code == 303
    guide = Client().get("/items/outdoor-notice/")
    assert guide.status_code == 200 and "有固定的设置地点" in guide.content.decode()
