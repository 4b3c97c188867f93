"""Many areas from one table: checked whole, written whole or not at all."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import actor
from tests.pages.client import signed_in

from yiwang.apps.people.administration import AdministrationError
from yiwang.apps.people.models import Area
from yiwang.apps.people.places.importing import import_areas, read_areas
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
PAGE, ADMIN = "/admin/areas/import/", "zhu-system"
REASON = "国家统计局 2026 年统计用区划代码"


def under() -> Area:
    """A township, so that villages can come below it."""
    return Area.objects.filter(level="TOWNSHIP", valid_until=None).order_by("code")[0]


def table(*rows: str) -> str:
    return "\n".join(["区划代码,名称,园区", *rows])


def village(number: int) -> str:
    return f"{under().code[:9]}{number:03d}"


def test_what_is_below_may_stand_above_in_the_table(at: datetime) -> None:
    county = Area.objects.filter(level="DISTRICT", valid_until=None).order_by("code")[0]
    town = f"{county.code[:6]}990000"
    text = table(f"{town[:9]}201,新村一,", f"{town[:9]},新镇,", f"{town[:9]}202,新村二,是")
    found = read_areas(text)
    assert found.problems == []
    assert [row.name for row in found.new] == ["新镇", "新村一", "新村二"]
    assert import_areas(text=text, reason=REASON, actor=actor(ADMIN, at), at=at) == 3
    rows = {row.name: row for row in Area.objects.filter(code__startswith=town[:9])}
    assert rows["新村一"].parent_id == rows["新镇"].code
    assert rows["新镇"].parent_id == county.code
    assert rows["新村二"].is_zone
    entry = RecordEntry.objects.get(subject=f"area:{town}")
    assert (entry.operation, entry.facts["name"]) == ("people.add_area", "新镇")
    with pytest.raises(AdministrationError, match="都已经登记"):
        import_areas(text=text, reason=REASON, actor=actor(ADMIN, at), at=at)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("12345,短,",), "行政区划代码应为"),
        (("899999888777,没有上级,",), "没有找到上级区域"),
        (("{village},,",), "请填写名称"),
        (("{there},换了名字,",), "登记的名称是"),
        (("{village},甲村,", "{village},乙村,"), "登记的名称是"),
    ],
)
def test_one_wrong_row_stops_everything_and_is_named(
    at: datetime, rows: tuple[str, ...], says: str
) -> None:
    good = f"{village(778)},好村,"
    text = table(good, *(r.format(village=village(777), there=under().code) for r in rows))
    before = Area.objects.count()
    assert any(says in what for _, what in read_areas(text).problems)
    with pytest.raises(AdministrationError):
        import_areas(text=text, reason=REASON, actor=actor(ADMIN, at), at=at)
    assert Area.objects.count() == before


def test_a_thousand_areas_take_no_more_statements_than_ten(at: datetime) -> None:
    used = []
    for first, number in ((100, 10), (200, 700)):
        text = table(*(f"{village(first + i)},村{first + i}," for i in range(number)))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            import_areas(text=text, reason=REASON, actor=actor(ADMIN, at), at=at)
        used.append(len(queries))
    assert used[0] == used[1] <= 14


def test_only_the_system_administrator_imports(at: datetime) -> None:
    with pytest.raises(AccessDeniedError):
        import_areas(
            text=table(f"{village(1)},村,"), reason=REASON, actor=actor("he-window", at), at=at
        )
    assert signed_in("qin-security").get(PAGE).status_code == 403


def test_the_page_checks_first_keeps_what_was_pasted_and_then_writes() -> None:
    client = signed_in(ADMIN)
    assert "批量导入区域" in client.get(PAGE).content.decode()
    wrong = client.post(PAGE, {"do": "check", "text": "没有标题\n1,2"})
    assert wrong.status_code == 422
    assert "第一行要有" in wrong.content.decode()
    assert "没有标题" in wrong.content.decode()
    content = table(f"{village(801)},导入村,").encode("gb18030")
    upload = SimpleUploadedFile("区域.csv", content, "text/csv")
    checked = client.post(PAGE, {"do": "check", "file": upload, "text": ""})
    page = checked.content.decode()
    assert checked.status_code == 200
    assert "将登记 1 个" in page and "导入村" in page
    text = table(f"{village(801)},导入村,")
    short = client.post(PAGE, {"do": "import", "text": text, "reason": "短"})
    assert short.status_code == 422
    assert "请写明依据" in short.content.decode()
    assert client.post(PAGE, {"do": "import", "text": text, "reason": REASON}).status_code == 303
    assert Area.objects.get(code=village(801)).name == "导入村"
    unreadable = SimpleUploadedFile("x.csv", b"\xff\xfe\xff\x00\x81", "text/csv")
    assert client.post(PAGE, {"do": "check", "file": unreadable}).status_code == 422
