"""The catalogue's staff pages: nothing is published by its drafter, unread or incomplete."""

from __future__ import annotations

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.pages.client import signed_in

from yiwang.apps.catalog.models import ItemVersion, ServiceItem
from yiwang.apps.catalog.operations import to_package
from yiwang.apps.catalog.queries import definition_of
from yiwang.apps.catalog.wording import place_in_words

pytestmark = pytest.mark.django_db

ITEM, IMPORT = "food-business-licence", "/catalog/import/"


def current() -> ItemVersion:
    return ItemVersion.objects.get(item__code=ITEM, status="PUBLISHED")


def changed(**changes: object) -> str:
    """The published package with some parts replaced."""
    package = yaml.safe_load(to_package(definition_of(current().pk)))
    return yaml.safe_dump(package | changes, allow_unicode=True, sort_keys=False)


def draft(client: Client, **changes: object) -> ItemVersion:
    changes = changes or {"summary": "开餐馆前要办的许可(改过)。"}
    response = client.post(IMPORT, {"package": changed(**changes), "keep": "1"})
    assert response.status_code == 303, response.content.decode()
    return ItemVersion.objects.get(item__code=ITEM, status="DRAFT")


def in_review(client: Client) -> ItemVersion:
    version = draft(client)
    assert client.post(f"/catalog/versions/{version.pk}/submit/").status_code == 303
    version.refresh_from_db()
    return version


def publish(client: Client, version: ItemVersion) -> object:
    url = f"/catalog/versions/{version.pk}/publish/"
    return client.post(url, {"digest": version.digest})


def test_the_list_shows_every_item_in_few_statements() -> None:
    client = signed_in("xu-editor")
    client.get("/catalog/")
    with CaptureQueriesContext(connection) as captured:
        text = client.get("/catalog/").content.decode()
    assert len(captured) <= 8
    codes = sorted(ServiceItem.objects.values_list("code", flat=True))
    shown = [code for code in codes if f'href="/catalog/{code}/"' in text]
    following = client.get("/catalog/", {"after": shown[-1]}).content.decode()
    assert f"after={shown[-1]}" in text
    shown += [code for code in codes if f'href="/catalog/{code}/"' in following]
    assert shown == codes


def test_the_list_is_paged_by_code_and_searched() -> None:
    from yiwang.apps.catalog.editing import items_page
    from yiwang.foundation.clockwork import now

    today, seen, after = now().date(), [], ""
    while True:
        page = items_page(today=today, after=after, size=3)
        seen += [row.item.code for row in page.rows]
        if page.next_code is None:
            break
        after = page.next_code
    assert seen == sorted(ServiceItem.objects.values_list("code", flat=True))
    assert [r.item.code for r in items_page(today=today, text="老年人证").rows] == ["elder-card"]


def test_what_was_downloaded_imports_without_a_difference() -> None:
    client = signed_in("xu-editor")
    package = client.get(f"/catalog/versions/{current().pk}/package.yaml")
    assert package["Content-Disposition"].endswith('.yaml"')
    response = client.post(IMPORT, {"package": package.content.decode()})
    assert response.context["differences"]["rows"] == []


def test_an_import_shows_the_difference_before_anything_is_kept() -> None:
    client = signed_in("xu-editor")
    response = client.post(IMPORT, {"package": changed(summary="新的简介。")})
    rows = response.context["differences"]["rows"]
    assert [row["cells"][0] for row in rows] == ["简介"]
    assert rows[0]["cells"][2] == "新的简介。"
    assert not ItemVersion.objects.filter(status="DRAFT").exists()


def test_an_uploaded_file_is_read_and_comes_back_as_text() -> None:
    client = signed_in("xu-editor")
    file = SimpleUploadedFile("a.yaml", ("\ufeff" + changed(summary="文件里的。")).encode())
    response = client.post(IMPORT, {"package": "", "file": file})
    assert response.status_code == 200
    assert "文件里的。" in response.content.decode()
    bad = SimpleUploadedFile("a.yaml", "中文".encode("gb18030"))
    assert client.post(IMPORT, {"file": bad}).status_code == 422


@pytest.mark.parametrize("text", ["", "- 1", "code: [", "code: x\nnam: y"])
def test_what_cannot_be_read_is_refused_with_what_was_typed_kept(text: str) -> None:
    response = signed_in("xu-editor").post(IMPORT, {"package": text})
    assert response.status_code == 422
    assert response.context["package"]["value"] == text
    assert response.context["errors"]


@pytest.mark.row("R077")
@pytest.mark.parametrize(
    ("part", "value", "where"),
    [("bases", [], "设立依据"), ("materials", [], "申报材料"), ("places", [], "办理地点")],
)
def test_an_incomplete_guide_is_kept_as_a_draft_but_not_submitted(
    part: str, value: list[object], where: str
) -> None:
    client = signed_in("xu-editor")
    version = draft(client, **{part: value})
    response = client.post(f"/catalog/versions/{version.pk}/submit/")
    assert response.status_code == 409
    assert where in response.content.decode()
    version.refresh_from_db()
    assert version.status == "DRAFT"


@pytest.mark.row("R077")
def test_a_package_without_its_limits_is_not_even_a_draft() -> None:
    response = signed_in("xu-editor").post(IMPORT, {"package": changed(limits=None), "keep": "1"})
    assert response.status_code == 422
    assert not ItemVersion.objects.filter(status="DRAFT").exists()


def test_the_drafter_cannot_publish_even_with_the_permission() -> None:
    publisher = signed_in("shen-publish")
    version = in_review(publisher)
    response = publish(publisher, version)
    assert response.status_code == 409
    assert "起草或改过这个版本的人不能发布" in response.content.decode()
    version.refresh_from_db()
    assert version.status == "IN_REVIEW"


def test_an_editor_without_the_permission_cannot_publish() -> None:
    editor = signed_in("xu-editor")
    version = in_review(editor)
    assert publish(editor, version).status_code == 403


def test_another_reviewer_publishes_and_the_old_version_is_superseded() -> None:
    before = current()
    version = in_review(signed_in("xu-editor"))
    assert publish(signed_in("shen-publish"), version).status_code == 303
    assert current().pk == version.pk
    before.refresh_from_db()
    assert before.status == "SUPERSEDED"


def test_what_changed_after_the_reviewer_read_it_is_not_published() -> None:
    editor, reviewer = signed_in("xu-editor"), signed_in("shen-publish")
    read = in_review(editor)
    reviewer.post(f"/catalog/versions/{read.pk}/return/", {"note": "请改简介"})
    draft(editor, summary="完全不同的内容。")
    editor.post(f"/catalog/versions/{read.pk}/submit/")
    response = publish(reviewer, read)
    assert response.status_code == 409
    assert "内容改过了" in response.content.decode()


def test_a_return_needs_a_reason_and_shows_it_to_the_drafter() -> None:
    editor, reviewer = signed_in("xu-editor"), signed_in("shen-publish")
    version = in_review(editor)
    url = f"/catalog/versions/{version.pk}/"
    assert reviewer.post(url + "return/", {"note": " "}).status_code == 409
    assert reviewer.post(url + "return/", {"note": "承诺时限写错了"}).status_code == 303
    assert "承诺时限写错了" in editor.get(url).content.decode()


def test_any_two_versions_can_be_compared() -> None:
    version = in_review(signed_in("xu-editor"))
    reviewer = signed_in("shen-publish")
    publish(reviewer, version)
    response = reviewer.get(f"/catalog/{ITEM}/?from=1&to={version.number}")
    assert [r["cells"][0] for r in response.context["differences"]["rows"]] == ["简介"]
    assert "differences" not in reviewer.get(f"/catalog/{ITEM}/?from=1&to=x").context


@pytest.mark.parametrize("login", ["chen-window", "zhu-system", "lin-xiaoman"])
def test_others_do_not_see_the_catalogue(login: str) -> None:
    client = signed_in(login)
    for path in ("/catalog/", IMPORT, f"/catalog/{ITEM}/", f"/catalog/versions/{current().pk}/"):
        assert client.get(path).status_code == 403


def test_unknown_items_and_versions_are_not_found() -> None:
    client = signed_in("xu-editor")
    assert client.get("/catalog/no-such-item/").status_code == 404
    assert client.get("/catalog/versions/999999/").status_code == 404
    assert client.post("/catalog/versions/999999/submit/").status_code == 404


def test_places_are_told_in_words() -> None:
    assert place_in_words("materials[lease].points[a].text") == "申报材料 lease › 核对要点 a › 内容"
    assert place_in_words("bases[0].law") == "设立依据 第 1 项 › 法律"
    assert place_in_words("设立依据") == "设立依据"


def test_the_page_tells_a_drafting_publisher_beforehand_why_not() -> None:
    client = signed_in("shen-publish")
    version = in_review(client)
    text = client.get(f"/catalog/versions/{version.pk}/").content.decode()
    assert "起草或改过这个版本的人不能发布它" in text


def test_a_few_lines_do_not_stand_for_more_than_a_machine_holds() -> None:
    client = signed_in("xu-editor")
    text = "a: &a [x, x]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)
    )
    page = client.post(IMPORT, {"package": text}).content.decode()
    assert "请不要用" in page and "&amp;a [x, x]" in page
