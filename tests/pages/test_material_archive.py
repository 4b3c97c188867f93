"""One upload, used again: offered by party, looked at, taken with one click, and traced."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from tests.acting import (
    accepted,
    actor,
    deciding,
    make_documents,
    received,
    reviewed,
    tick_all,
)
from tests.authorising import authorised, party
from tests.pages.client import signed_in
from tests.ruling import forgetting, ruled

from yiwang.apps.cases.archive import earlier_materials, points_of
from yiwang.apps.cases.domain.grades import ORIGINAL_SEEN, TrustGrade
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Case, CaseMaterial, Draft
from yiwang.apps.cases.operations import drafts, filing, forwarding, receiving, reusing
from yiwang.apps.catalog.public import current_version, definition_of
from yiwang.apps.people.models import Disclosure, Hall, Party
from yiwang.foundation.access import Actor
from yiwang.foundation.clockwork import now
from yiwang.foundation.files.models import Attachment
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date
from yiwang.site.measuring.acting import answers_for

pytestmark = pytest.mark.django_db
__all__ = ["forgetting"]
ELDER, CAR = "elder-card", "vehicle-use-change"


def begun(item: str, *, by: Actor, whose: Party, channel: str = "ONLINE") -> Draft:
    """A draft with its answers and no file."""
    at = now()
    version = current_version(item, today=civil_date(at))
    assert version is not None
    return drafts.start_draft(
        version=version,
        applicant=whose,
        hall=Hall.objects.get(slug="yecheng-hall"),
        channel=channel,
        actor=by,
        at=at,
        form=answers_for(version.definition),
    )


def offered(draft: Draft, by: Actor) -> dict[str, str]:
    """Material code → the short number of the case it would come from."""
    definition = definition_of(draft.item_version_id)
    found = earlier_materials(draft, definition, actor=by, at=now())
    return {code: one.case.short_number for code, one in found.items()}


@pytest.mark.row("R129")
def test_a_second_filing_online_uses_what_the_first_one_uploaded() -> None:
    citizen = actor("he-guifang", now())
    first = received(ELDER, by=citizen, at=now())
    draft = begun(ELDER, by=citizen, whose=party("he-guifang"))
    client, url = signed_in("he-guifang"), f"/apply/{draft.pk}/materials/"
    page = client.get(url).content.decode()
    assert "交过的同一材料" in page and first.short_number in page
    photo = CaseMaterial.objects.get(case=first, code="photo")
    assert client.get(f"/files/{photo.attachment_id}/").status_code == 200
    assert client.post(url, {"again": "photo"}).status_code == 303
    page = client.get(url).content.decode()
    assert "用的是您" in page and 'name="remove" value="photo"' in page
    assert "authorisation" not in offered(draft, citizen)  # signed for one application
    for code in offered(draft, citizen):
        client.post(url, {"again": code})
    assert client.post(f"/apply/{draft.pk}/check/").status_code == 303
    second = Case.objects.get(filing_key=draft.pk)
    row = CaseMaterial.objects.get(case=second, code="photo")
    assert row.reused_from == photo.pk and row.grade == TrustGrade.C
    assert first.short_number in row.note and row.attachment_id != photo.attachment_id
    assert row.attachment.file_id == photo.attachment.file_id  # type: ignore[union-attr]
    facts = RecordEntry.objects.get(subject=second.subject, operation="cases.submit").facts
    assert facts["reused"]["photo"] == photo.pk
    photo.refresh_from_db()
    assert photo.reused_from is None and photo.attachment is not None


def test_taking_it_out_of_the_draft_leaves_the_earlier_case_as_it_was() -> None:
    citizen = actor("he-guifang", now())
    first = received(ELDER, by=citizen, at=now())
    before = CaseMaterial.objects.filter(case=first).values().order_by("id")
    kept = list(before)
    draft = begun(ELDER, by=citizen, whose=party("he-guifang"))
    client, url = signed_in("he-guifang"), f"/apply/{draft.pk}/materials/"
    client.post(url, {"again": "photo"})
    client.post(url, {"remove": "photo"})
    draft.refresh_from_db()
    assert "photo" not in draft.files and list(before.all()) == kept
    assert "交过的同一材料" in client.get(url).content.decode()


def test_another_person_of_the_same_name_is_offered_nothing() -> None:
    received(ELDER, by=actor("he-guifang", now()), at=now())
    other = party("wang-shouren")
    other.name = party("he-guifang").name
    other.save()
    by = actor("wang-shouren", now())
    draft = begun(ELDER, by=by, whose=other)
    assert offered(draft, by) == {}
    with pytest.raises(InvalidInputError):
        reusing.use_again(draft_id=draft.pk, code="photo", actor=by, at=now())


@pytest.mark.usefixtures("forgetting")
def test_what_is_old_voided_objected_to_or_removed_is_not_offered() -> None:
    by, at = actor("he-guifang", now()), now()
    cases = [received(ELDER, by=by, at=at) for _ in range(4)]
    draft = begun(ELDER, by=by, whose=party("he-guifang"))
    photo = CaseMaterial.objects.filter(code="photo")
    assert offered(draft, by)["photo"] == cases[3].short_number
    Case.objects.filter(pk=cases[3].pk).update(state="VOIDED")
    assert offered(draft, by)["photo"] == cases[2].short_number
    photo.filter(case=cases[2]).update(problem="看不清")
    assert offered(draft, by)["photo"] == cases[1].short_number
    gone = photo.get(case=cases[1]).attachment
    assert gone is not None
    Attachment.objects.filter(pk=gone.pk).update(removed_at=at)
    assert offered(draft, by)["photo"] == cases[0].short_number
    Case.objects.filter(pk=cases[0].pk).update(received_at=at - timedelta(days=31))
    ruled("cases.reuse_days", 30, valid_from=civil_date(at))
    assert "photo" not in offered(draft, by)
    ruled("cases.reuse_days", 32, valid_from=civil_date(at))
    assert "photo" in offered(draft, by)


def test_an_agent_is_offered_only_what_the_authorisation_covers() -> None:
    at = now()
    mother, agent = party("he-guifang"), party("lin-xiaoman")
    before = received(ELDER, by=actor("he-guifang", at), at=at)
    Case.objects.filter(pk=before.pk).update(received_at=at - timedelta(days=40))
    authorised(mother.pk, agent, ELDER, by=actor("he-guifang", at), at=at)
    by = actor("lin-xiaoman", at)
    draft = begun(ELDER, by=by, whose=mother)
    assert "photo" not in offered(draft, by)
    within = received(ELDER, by=actor("he-guifang", at), at=at)
    assert offered(draft, by)["photo"] == within.short_number
    reusing.use_again(draft_id=draft.pk, code="photo", actor=by, at=at)
    told = signed_in("he-guifang").get("/my/authorisations/").content.decode()
    assert told  # the use stands under the authorisation, as every act of an agent does
    assert RecordEntry.objects.filter(
        subject=f"party:{mother.pk}", operation="cases.use_again"
    ).exists()


def test_a_clerk_holds_a_copy_that_is_used_again_against_the_original() -> None:
    at = now()
    citizen, clerk = actor("he-guifang", at), actor("he-window", at)
    received(CAR, by=citizen, at=at)
    draft = begun(CAR, by=clerk, whose=party("he-guifang"), channel="WINDOW")
    client, url = signed_in("he-window"), f"/window/drafts/{draft.pk}/"
    page = client.get(url).content.decode()
    assert "使用申请人" in page and "C 申请人上传 · 收件时核对原件" in page
    assert client.get(f"{url}earlier/identity/").status_code == 200
    assert client.get(f"{url}earlier/nothing/").status_code == 404
    form = {k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in draft.form.items()}
    assert client.post(url, {**form, "do": "again-identity"}).status_code == 303
    seen = Disclosure.objects.filter(party=party("he-guifang"), subject=draft.subject)
    assert seen.count() == 2
    case = filing.submit(draft_id=draft.pk, actor=clerk, at=at)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "可信等级 C 申请人上传" in page and "核对一致" in page
    row = CaseMaterial.objects.get(case=case, code="identity")
    material = definition_of(case.item_version_id).material("identity")
    assert material is not None
    assert [p.code for p in points_of(material, row)] == ["same", "valid", ORIGINAL_SEEN]
    tick_all(case, clerk=clerk, at=at)  # the item's own points
    with pytest.raises(InvalidInputError) as refused:
        forwarding.forward(case_id=case.pk, receipt="", opinion="", actor=clerk, at=at)
    assert "原件" in refused.value.fields["identity"]
    points = ["same", "valid", ORIGINAL_SEEN]
    receiving.tick(case_id=case.pk, code="identity", points=points, actor=clerk, at=at)
    third = begun(CAR, by=citizen, whose=party("he-guifang"))
    definition = definition_of(third.item_version_id)
    found = earlier_materials(third, definition, actor=citizen, at=at)["identity"]
    assert found.case.pk == case.pk and found.grade is TrustGrade.B


@pytest.mark.row("R129")
def test_all_results_come_in_one_archive_and_each_download_is_recorded() -> None:
    at = now()
    citizen = actor("he-guifang", at)
    case = accepted(ELDER, by=citizen, clerk=actor("he-window", at), at=at)
    reviewed(case, reviewer=actor("zhou-review", at), at=at)
    deciding.grant(case_id=case.pk, actor=actor("zheng-approve", at), at=at)
    client, url = signed_in("he-guifang"), f"/my/cases/{case.pk}/results.zip"
    assert client.get(url).status_code == 404  # nothing is made yet
    make_documents(case, at)
    assert "全部结果打包下载" in client.get(f"/my/cases/{case.pk}/").content.decode()
    answer = client.get(url)
    assert answer.streaming and answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.testzip() is None
        names = " ".join(archive.namelist())
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    assert "收件凭证" in names and "老年人证" in names
    entries = RecordEntry.objects.filter(operation="cases.take_results")
    assert [e.facts["case"] for e in entries] == [case.pk]
    assert signed_in("lin-xiaoman").get(url).status_code == 404
    assert entries.count() == 1


def test_my_materials_shows_ones_own_files_and_nobody_elses() -> None:
    empty = signed_in("he-guifang").get("/my/materials/").content.decode()
    assert "还没有交过文件" in empty
    case = received(ELDER, by=actor("he-guifang", now()), at=now())
    mine = signed_in("he-guifang").get("/my/materials/").content.decode()
    assert case.short_number in mine and "近期免冠照片" in mine
    assert case.short_number not in signed_in("wang-shouren").get("/my/materials/").content.decode()
