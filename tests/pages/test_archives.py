"""办件档案: the list, a package, taking it, making one, handing a year over."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.acting import actor
from tests.integration.test_archives import ended
from tests.pages.client import signed_in

from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.operations.making import make
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> datetime:
    return now()


def test_the_list_is_empty_with_the_next_step_and_closed_to_others() -> None:
    page = signed_in("luo-liaison").get("/archives/")
    assert page.status_code == 200 and "还没有档案" in page.content.decode()
    assert signed_in("zhao-review").get("/archives/").status_code == 403


def test_a_keeper_packs_an_ended_case_reads_it_takes_it_and_hands_it_over(at: datetime) -> None:
    case, keeper = ended(at), signed_in("luo-liaison")
    wrong = keeper.post("/archives/make/", {"number": "26-0101-99999-9"})
    assert wrong.status_code == 422 and "26-0101-99999-9" in wrong.content.decode()
    assert keeper.post("/archives/make/", {"number": case.short_number}).status_code == 303
    row = ArchivePackage.objects.get(case_id=case.pk)
    page = keeper.get(f"/archives/{row.pk}/").content.decode()
    assert row.number in page and "收件凭证" in page
    sent = keeper.get(f"/archives/{row.pk}/package.zip")
    assert sent["Content-Type"] == "application/zip" and sent.content[:2] == b"PK"
    address = f"/archives/hand-over/{row.organ_id}/{row.year}/"
    assert address in keeper.get("/archives/?here=1").content.decode()
    kept = keeper.post(address, {"to": "椰", "handover": "2026-001"})
    assert kept.status_code == 422 and "2026-001" in kept.content.decode()
    done = keeper.post(address, {"to": "椰城市档案馆", "handover": "2026-001"})
    assert done.status_code == 303
    assert "椰城市档案馆" in keeper.get("/archives/").content.decode()
    assert "没有等待移交" in keeper.get(address).content.decode()


def test_a_package_of_another_organ_is_not_there(at: datetime) -> None:
    row = make(case_id=ended(at).pk, actor=actor("luo-liaison", at), at=at)
    other = signed_in("fan-liaison")
    assert other.get(f"/archives/{row.pk}/").status_code == 404
    assert other.get(f"/archives/{row.pk}/package.zip").status_code == 404
    assert row.number not in other.get("/archives/").content.decode()
