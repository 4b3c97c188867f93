"""Pages of what is held, of silent sources, of paperless items and of originals seen later."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.acting import accepted, received, reviewed
from tests.integration.branching import FOOD, people
from tests.integration.test_originals import later
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Draft
from yiwang.apps.catalog.public import current_version
from yiwang.apps.certificates.models import SourceOutage
from yiwang.apps.people.public import Party
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
__all__ = ["later", "people"]
SOURCES = "/admin/sources/"


def test_the_administrator_notes_a_silent_source_and_that_it_answers_again() -> None:
    client = signed_in("zhu-system")
    assert "没有登记过中断" in client.get(SOURCES).content.decode()
    typed = {"source": "公安人口库", "reason": "短"}
    wrong = client.post(f"{SOURCES}note/", typed)
    text = wrong.content.decode()
    assert wrong.status_code == 422
    assert "公安人口库" in text
    assert "请写明情况" in text
    typed = {"source": "公安人口库", "kinds": ["resident_id"], "reason": "9 点起无法连接"}
    assert client.post(f"{SOURCES}note/", typed).status_code == 303
    listed = client.get(SOURCES).content.decode()
    assert "中断中" in listed
    row = SourceOutage.objects.get()
    assert "公安人口库" in client.get(f"{SOURCES}{row.pk}/end/").content.decode()
    assert client.post(f"{SOURCES}{row.pk}/end/").status_code == 303
    assert client.post(f"{SOURCES}{row.pk}/end/").status_code == 409
    assert "已恢复" in client.get(SOURCES).content.decode()


def test_a_clerk_does_not_note_sources_and_an_unknown_one_is_not_found() -> None:
    assert signed_in("he-window").get(SOURCES).status_code == 403
    assert signed_in("zhu-system").get(f"{SOURCES}999999/end/").status_code == 404


def test_the_window_has_no_paper_to_keep_of_a_paperless_item() -> None:
    at = now()
    version = current_version("construction-permit", today=civil_date(at))
    assert version is not None
    party = Party.objects.filter(kind="ENTERPRISE").order_by("id")[0]
    clerk = signed_in("he-window")
    from tests.acting import actor

    from yiwang.apps.cases.operations import desk

    draft: Draft = desk.start_at_window(
        version=version, applicant=party, filer=None, form={}, actor=actor("he-window", at), at=at
    )
    page = clerk.get(f"/window/drafts/{draft.pk}/").content.decode()
    assert 'name="paper"' not in page
    assert 'name="handed-back"' in page
    code = next(m.code for m in version.definition.materials if m.source != "FORM" and not m.when)
    again = clerk.post(f"/window/drafts/{draft.pk}/", {"do": "submit", "handed-back": code})
    text = again.content.decode()
    assert again.status_code == 422
    assert "请先扫描上传" in text
    assert f'name="handed-back" value="{code}" checked' in text
    guide = signed_in("lin-xiaoman").get("/items/investment-project-filing/").content.decode()
    assert "不收纸质材料" in guide


def test_what_is_said_to_be_given_back_is_there_as_a_scan(
    at: datetime, people: dict[str, Any]
) -> None:
    """Ticked without a file it was noted as a paper that the window keeps."""
    case = received(FOOD, by=people["citizen"], at=at)
    clerk = signed_in("he-window")
    material = case.materials.exclude(status="SUBMITTED").order_by("id")[0]
    version = {"version": case.__class__.objects.get(pk=case.pk).version}
    posted = {"code": material.code, "handed-back": material.code, **version}
    answer = clerk.post(f"/cases/{case.pk}/correct-on-spot/", posted)
    text = answer.content.decode()
    assert answer.status_code == 422 and f"请先扫描上传「{material.name}」" in text
    before = material.status
    material.refresh_from_db()
    assert material.status == before and not material.is_handed_back


def test_a_clerk_checks_originals_on_the_case_and_the_applicant_reads_what_to_bring(
    at: datetime, people: dict[str, Any], later: list[str]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    reviewed(case, reviewer=people["reviewer"], at=at)
    citizen, clerk = signed_in("lin-xiaoman"), signed_in("he-window")
    told = citizen.get(f"/my/cases/{case.pk}/").content.decode()
    assert "决定以前要核验原件" in told
    assert "请带原件来核验一次" in told
    page = clerk.get(f"/cases/{case.pk}/").content.decode()
    assert "现场核验原件" in page
    assert f'name="original-{later[0]}"' in page
    address = f"/cases/{case.pk}/check-originals/"
    version = {"version": case.__class__.objects.get(pk=case.pk).version}
    nothing = clerk.post(address, version)
    assert nothing.status_code == 422
    assert "请逐份选择" in nothing.content.decode()
    differs = {f"original-{later[0]}": "differs", f"original-{later[1]}": "matches", **version}
    without_words = clerk.post(address, differs)
    assert without_words.status_code == 422
    assert "哪里不一致" in without_words.content.decode()
    note = {f"original-note-{later[0]}": "面积与原件不同"}
    assert clerk.post(address, {**differs, **note}).status_code == 303
    assert "原件核验不一致" in clerk.get(f"/cases/{case.pk}/").content.decode()
    assert "有原件与上传的不一致" in citizen.get(f"/my/cases/{case.pk}/").content.decode()
