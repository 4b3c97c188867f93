"""Two materials beside each other, ticked where they are seen; and the preview beside a list."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import PDF, accepted, actor, received, tick_all
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, CaseMaterial
from yiwang.apps.cases.operations import receiving
from yiwang.apps.people.models import Disclosure
from yiwang.foundation.clockwork import now
from yiwang.foundation.files.models import Attachment

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"


def food(at: datetime) -> Case:
    return received(FOOD, by=actor("lin-xiaoman", at), at=at)


def with_files(case: Case) -> list[CaseMaterial]:
    return list(CaseMaterial.objects.filter(case=case, attachment__isnull=False).order_by("id"))


def test_a_file_is_shown_once_it_was_opened_and_ticked_where_it_is_seen() -> None:
    case = food(now())
    first, second = with_files(case)[:2]
    client = signed_in("he-window")
    url = f"/cases/{case.pk}/side/?left=m-{first.code}&right=m-{second.code}"
    page = client.get(url).content.decode()
    assert page.count("打开以后才能对着它核对") == 2
    assert f'src="/files/{first.attachment_id}/"' not in page
    typed = {"left": f"m-{first.code}", "right": f"m-{second.code}", "version": case.version}
    answer = client.post(f"/cases/{case.pk}/open/", {**typed, "code": first.code})
    assert answer["Location"] == url
    page = client.get(url).content.decode()
    assert f'src="/files/{first.attachment_id}/"' in page
    point = page.split(f'name="point-{first.code}" value="')[1].split('"')[0]
    case.refresh_from_db()
    ticked = {f"point-{first.code}": [point], f"problem-{first.code}": ""}
    saved = client.post(
        f"/cases/{case.pk}/save-checks/", {**typed, **ticked, "version": case.version}
    )
    assert saved["Location"] == url
    first.refresh_from_db()
    assert point in first.points
    second.refresh_from_db()
    assert second.points == {}


def test_what_was_not_opened_is_not_ticked_here_either() -> None:
    case = food(now())
    first, second = with_files(case)[:2]
    typed = {"left": f"m-{first.code}", "right": f"m-{second.code}", "version": case.version}
    forged = {f"point-{first.code}": ["any"], f"problem-{first.code}": ""}
    answer = signed_in("he-window").post(f"/cases/{case.pk}/save-checks/", {**typed, **forged})
    assert answer.status_code in (409, 422)
    first.refresh_from_db()
    assert first.points == {}


def test_a_corrected_material_stands_beside_what_it_was_before() -> None:
    at = now()
    case, clerk = food(at), actor("he-window", at)
    row = with_files(case)[0]
    before = row.attachment_id
    receiving.correct_on_spot(
        case_id=case.pk, files={row.code: ("新的.pdf", PDF + b"% new")}, actor=clerk, at=at
    )
    client = signed_in("he-window")
    page = client.get(f"/cases/{case.pk}/side/?left=v-{before}&right=form").content.decode()
    assert "更正前" in page
    assert f'src="/files/{before}/"' in page
    assert "申请表" in page
    seen = Disclosure.objects.count()
    assert client.get(f"/files/{before}/").status_code == 200
    assert Disclosure.objects.count() == seen + 1
    assert signed_in("chen-window").get(f"/files/{before}/").status_code == 404
    stray = Attachment.objects.get(pk=before)
    stray.pk, stray._state.adding = None, True
    stray.pk = Attachment._meta.pk.get_default()
    stray.save()
    assert client.get(f"/files/{stray.pk}/").status_code == 404, "it was never handed in"


def test_keys_change_what_stands_on_each_side_and_nonsense_shows_the_first() -> None:
    case = food(now())
    page = (
        signed_in("he-window").get(f"/cases/{case.pk}/side/?left=none&right=%27").content.decode()
    )
    assert 'data-key="["' in page
    assert 'data-key="]"' in page
    assert page.count('class="card pane"') == 2
    assert signed_in("chen-window").get(f"/cases/{case.pk}/side/").status_code == 404


def test_a_reviewer_reads_the_same_without_a_tick() -> None:
    at = now()
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    client = signed_in("zhao-review")
    client.get(f"/cases/{case.pk}/side/")
    with CaptureQueriesContext(connection) as found:
        page = client.get(f"/cases/{case.pk}/side/").content.decode()
    assert len(found) <= 12, [q["sql"][:100] for q in found]
    assert "打开以后才能" not in page
    assert "保存核对" not in page
    assert " disabled>" in page


def test_the_preview_tells_what_is_next_whose_it_is_and_how_the_materials_stand() -> None:
    at = now()
    case, clerk = food(at), actor("he-window", at)
    tick_all(case, clerk=clerk, at=at)
    client = signed_in("he-window")
    client.get(f"/cases/{case.pk}/preview/")
    with CaptureQueriesContext(connection) as found:
        page = client.get(f"/cases/{case.pk}/preview/").content.decode()
    assert len(found) <= 8, [q["sql"][:100] for q in found]
    assert "<strong>下一步</strong>" in page
    assert case.applicant_label in page
    assert case.applicant.name not in page
    assert case.applicant.paper_number not in page
    assert "data-strip" in page
    for row in CaseMaterial.objects.filter(case=case):
        assert row.name in page
    assert "要点" in page
