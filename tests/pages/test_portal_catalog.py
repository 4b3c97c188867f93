"""The public catalogue: list, search, rate, file, guide on screen, on paper and as a PDF."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.acting import actor
from tests.pages.client import signed_in

from yiwang.apps.catalog import operations
from yiwang.apps.catalog.models import ItemVersion, ServiceItem
from yiwang.apps.catalog.operations import CatalogError
from yiwang.apps.catalog.public import CurrentVersion, current_version, current_versions
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents import qr
from yiwang.foundation.links import public_url
from yiwang.kernel.moment import civil_date
from yiwang.site.demonstration.accounts import HERE

pytestmark = pytest.mark.django_db
FOOD, ELDER = "food-business-licence", "elder-card"


def codes(page: str) -> list[str]:
    return re.findall(r'data-item="([a-z-]+)"', page)


def unpublished(name: str = "还没有公布的事项") -> ItemVersion:
    """A draft of a new item, as an editor keeps it."""
    source = ItemVersion.objects.select_related("item").get(item__code=ELDER)
    item = ServiceItem.objects.create(
        code="not-yet", name=name, organ=source.item.organ, implementation_code="X" * 31
    )
    definition = {**source.definition, "code": "not-yet", "name": name, "online": False}
    return ItemVersion.objects.create(
        item=item,
        number=1,
        status="DRAFT",
        definition=definition,
        digest="x",
        effective_on=source.effective_on,
        drafted_by="account:1",
        drafted_at=now(),
    )


def published_now() -> list[CurrentVersion]:
    return current_versions(today=civil_date(now()))


def publish(row: ItemVersion) -> None:
    ItemVersion.objects.filter(pk=row.pk).update(
        status="PUBLISHED", published_by="account:2", published_at=now()
    )


@pytest.mark.row("R006")
def test_anybody_reads_searches_and_downloads_what_is_published_and_nothing_else() -> None:
    client = Client()
    unpublished()
    page = client.get("/items/").content.decode()
    published = current_versions(today=civil_date(now()))
    assert sorted(codes(page)) == sorted(version.definition.code for version in published)
    assert "还没有公布的事项" not in page
    for version in published:
        row = page.split(f'data-item="{version.definition.code}"')[1].split("</article>")[0]
        day = version.effective_on
        assert f"第 {version.number} 版" in row
        assert f"{day.year}年{day.month}月{day.day}日" in row
    assert client.get("/items/not-yet/").status_code == 404
    assert client.get("/items/not-yet/guide.pdf").status_code == 404
    searched = client.get("/items/", {"q": "还没有公布的事项"}).content.decode()
    assert "not-yet" not in codes(searched)
    lines = list(csv.DictReader(io.StringIO(file_of(client).decode("utf-8-sig"))))
    assert [line["事项名称"] for line in lines] == [v.definition.name for v in published]
    assert all(line["版本"] and line["生效日期"] for line in lines)


def file_of(client: Client, query: str = "") -> bytes:
    response = client.get(f"/items/export.csv{query}")
    assert response.status_code == 200
    return response.content


@pytest.mark.row("R005")
def test_the_online_rate_is_counted_from_the_rows_and_opens_its_numerator() -> None:
    client = Client()
    publish(unpublished("只能到窗口办的事项"))
    page = client.get("/items/").content.decode()
    everything = codes(page)
    link = re.search(r'<p id="rate">.*?</p>', page, re.DOTALL)
    assert link is not None
    figures = [int(n) for n in re.findall(r"(\d+)(?:</span>)? 项", link[0])]
    opened = client.get("/items/?online=1").content.decode()
    numerator = codes(opened)
    assert figures == [len(everything), len(numerator)]
    assert f"{len(numerator) / len(everything) * 100:.1f}%" in link[0]
    at_windows = {v.definition.code for v in published_now() if not v.definition.online}
    assert set(everything) - set(numerator) == at_windows
    assert "not-yet" in at_windows
    assert 'href="/items/?online=1"' in link[0]


def test_everyday_words_find_the_item_and_say_what_it_is_called_now() -> None:
    page = Client().get("/items/", {"q": "老年人优待证"}).content.decode()
    assert codes(page)[0] == ELDER
    assert "老年人优待证自2021年6月1日起由老年人证代替" in page
    assert codes(Client().get("/items/", {"q": "开饭店"}).content.decode())[0] == FOOD
    assert "没有找到您要办的事" in Client().get("/items/", {"q": "zzzz"}).content.decode()


def test_a_cell_of_the_file_is_never_a_formula() -> None:
    publish(unpublished("=1+1"))
    assert "'=1+1" in file_of(Client()).decode("utf-8-sig")


def test_a_figure_that_is_no_fact_is_never_shown_as_one() -> None:
    page = Client().get(f"/items/{FOOD}/").content.decode()
    summary = page.split('id="summary"')[1].split("</section>")[0]
    promised, statutory = summary.split("法定时限")[0], summary.split("法定时限")[1]
    assert "「演示数据」" in promised
    assert "「待核实」" in statutory.split("到现场")[0]
    known = Client().get("/items/real-estate-transfer/").content.decode()
    assert "待核实" not in known.split('id="summary"')[1].split("到现场")[0]


@pytest.mark.row("R077")
@pytest.mark.parametrize("part", ["bases", "materials", "limits"])
def test_no_guide_appears_without_basis_materials_and_limits(part: str) -> None:
    """The same package with one of the three empty never becomes a guide; whole, it does."""
    package = yaml.safe_load((HERE / "items" / f"{ELDER}.yaml").read_text(encoding="utf-8"))
    package |= {"code": "another-card", "catalog_code": "992011070099"}
    empty = package | {part: {} if part == "limits" else []}
    url = "/items/another-card/"
    with pytest.raises(CatalogError):
        published(empty)
    assert Client().get(url).status_code == 404
    published(package)
    assert Client().get(url).status_code == 200


def published(package: dict[str, Any]) -> None:
    editor, publisher = actor("han-editor", now()), actor("yang-publish", now())
    text = yaml.safe_dump(package, allow_unicode=True)
    found = operations.import_package(text=text, actor=editor, at=now())
    assert found.version is not None
    operations.submit_for_review(version_id=found.version.pk, actor=editor, at=now())
    operations.publish(version_id=found.version.pk, actor=publisher, at=now())


@pytest.mark.row("R077")
def test_the_guide_is_the_definition() -> None:
    """设立依据, 申报材料 and 办理时限 are on the page, each from the published definition."""
    page = Client().get(f"/items/{FOOD}/").content.decode()
    version = current_version(FOOD, today=civil_date(now()))
    assert version is not None
    item = version.definition
    assert item.bases
    assert item.materials
    for basis in item.bases:
        assert f"{basis.law} {basis.article}" in page
    for material in item.materials:
        assert material.name in page
        assert all(point.text in page for point in material.points)
    assert f'<span class="value">{item.limits.promised.to_limit().number}</span>' in page
    assert item.remedy.court in page
    assert f"/apply/{FOOD}/start/" in page


def test_who_is_signed_in_sees_what_need_not_be_handed_in() -> None:
    guest = Client().get(f"/items/{FOOD}/").content.decode()
    owner = signed_in("lin-xiaoman").get(f"/items/{FOOD}/").content.decode()
    assert "需要您提交 4 份" in guest
    assert "需要您提交 3 份" in owner
    assert "政府已有这份材料:营业执照" in owner
    assert "政府已有这份材料" not in guest


@pytest.mark.row("R058")
def test_the_printed_guide_is_the_same_guide_with_version_and_code() -> None:
    client = Client()
    version = current_version(FOOD, today=civil_date(now()))
    assert version is not None
    paper = client.get(f"/items/{FOOD}/print/").content.decode()
    assert f"第 {version.number} 版" in paper
    assert f'src="/items/{FOOD}/qr.svg"' in paper
    image = client.get(f"/items/{FOOD}/qr.svg")
    address = public_url(f"/items/{FOOD}/?v={version.number}")
    assert image["Content-Type"] == "image/svg+xml"
    assert image.content.decode() == qr.svg(address, title="办事指南网页")
    pdf = client.get(f"/items/{FOOD}/guide.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(pdf.content))
    text = "".join("".join(part.extract_text() for part in reader.pages).split())
    for words in (
        version.definition.name,
        f"第{version.number}版",
        *(m.name for m in version.definition.materials),
        *(b.law for b in version.definition.bases),
        version.definition.remedy.court,
    ):
        assert "".join(words.split()) in text
    assert client.get(f"/items/{FOOD}/guide.pdf").content == pdf.content


def test_an_older_printed_version_is_told_so() -> None:
    first = ItemVersion.objects.get(item__code=FOOD)
    ItemVersion.objects.create(
        item_id=first.item_id,
        number=2,
        status="PUBLISHED",
        definition=first.definition,
        digest=first.digest,
        effective_on=first.effective_on,
        drafted_by="account:1",
        drafted_at=now(),
        published_by="account:2",
        published_at=now(),
    )
    page = Client().get(f"/items/{FOOD}/?v=1").content.decode()
    assert "您手里的指南不是最新的" in page
    assert "不是最新的" not in Client().get(f"/items/{FOOD}/?v=2").content.decode()


@pytest.mark.parametrize("url", ["/", "/items/", "/items/?q=许可", f"/items/{FOOD}/"])
@pytest.mark.parametrize("login", [None, "lin-xiaoman"])
def test_public_pages_keep_to_their_statements(url: str, login: str | None) -> None:
    client = signed_in(login) if login else Client()
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    assert len(captured) <= 8, [query["sql"] for query in captured]


@pytest.mark.parametrize("query", ["?q=%00%27%22&topic=x", "?from=-1", "?for=NOBODY", "?v=9" * 9])
def test_an_odd_address_is_no_error(query: str) -> None:
    assert Client().get(f"/items/{query}").status_code == 200
    assert Client().get(f"/items/{FOOD}/{query}").status_code == 200
