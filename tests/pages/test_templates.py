"""Texts for opinions and reasons: whose, agreed by two, filled on the server, lost never."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.acting import accepted, actor, received
from tests.pages.client import signed_in

from yiwang.apps.cases.domain.templates import FIELDS, Place, filled, unknown_places
from yiwang.apps.cases.models import Case, OpinionTemplate, ReviewStep
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"


def in_review() -> Case:
    at = now()
    return accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)


def new(client: Client, **typed: str) -> int:
    basis = {"scope": "own", "use": "OPINION", "title": "材料齐全", "text": "材料齐全,符合要求。"}
    return client.post("/work/templates/new/", basis | typed).status_code


def change(client: Client, row: OpinionTemplate, do: str) -> str:
    answer = client.post(f"/work/templates/{row.pk}/change/", {"do": do}, follow=True)
    return str(answer.content.decode())


def test_ones_own_text_is_put_in_behind_what_was_typed_and_nothing_is_lost() -> None:
    case, client = in_review(), signed_in("zhao-review")
    assert new(client, text="请{申请人称谓}在{承诺日}前留意{材料名}。") == 303
    row = OpinionTemplate.objects.get()
    assert case.promised_due_on is not None
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f"请您在{case.promised_due_on.year}年" in page.split('data-insert="')[1]
    step = case.steps.get(state="OPEN").code
    typed = {"template": row.pk, "opinion": "布局图已看。", "step": step, "conclusion": "AGREE"}
    page = client.post(f"/cases/{case.pk}/fill/give-opinion/", typed).content.decode()
    text = page.split("布局图已看。")[1].split("</textarea>")[0]
    assert text.startswith("请您在")
    assert "{" not in text
    assert 'value="AGREE" checked' in page or "checked" in page.split('value="AGREE"')[1][:40]
    assert ReviewStep.objects.get(case=case, state="OPEN").opinion == ""
    assert "材料齐全" not in signed_in("feng-review").get("/work/templates/").content.decode()


def test_a_reason_goes_into_the_first_empty_line_of_the_notice() -> None:
    at = now()
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at)
    client = signed_in("he-window")
    new(client, use="CORRECTION", title="缺章", text="缺单位公章,请盖章后补交。")
    row = OpinionTemplate.objects.get()
    typed = {"template": row.pk, "line-what": ["平面图", ""], "line-why": ["不清楚", ""]}
    page = client.post(f"/cases/{case.pk}/fill/save-checks/", typed).content.decode()
    assert 'value="平面图"' in page
    assert 'value="不清楚"' in page
    assert 'value="缺单位公章,请盖章后补交。"' in page


def test_the_organs_text_is_offered_once_a_second_person_agreed() -> None:
    case, client = in_review(), signed_in("zhao-review")
    assert new(client, scope=f"organ-{case.organ_id}", title="现场符合") == 303
    row = OpinionTemplate.objects.get()
    colleague = signed_in("sun-approve")
    url = f"/cases/{case.pk}/"
    assert "现场符合" not in client.get(url).content.decode()
    assert "提出的人不能自己确认" in change(client, row, "confirm")
    assert "已确认" in change(colleague, row, "confirm")
    assert "现场符合" in client.get(url).content.decode()
    operations = RecordEntry.objects.filter(subject=f"opinion_template:{row.pk}").order_by("seq")
    assert list(operations.values_list("operation", flat=True)) == [
        "cases.propose_template",
        "cases.confirm_template",
    ]
    change(colleague, row, "remove")
    assert "现场符合" not in client.get(url).content.decode()
    assert OpinionTemplate.objects.get().state == "RETIRED"


def test_the_database_lets_nobody_agree_with_themselves() -> None:
    organ = in_review().organ_id
    new(signed_in("zhao-review"), scope=f"organ-{organ}")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows = OpinionTemplate.objects.all()
        ref = rows[0].proposed_by
        rows.update(state="ACTIVE", confirmed_by=ref, confirmed_at=now())


def test_another_organs_text_does_not_exist_and_a_clerk_keeps_none_for_an_organ() -> None:
    organ = in_review().organ_id
    new(signed_in("zhao-review"), scope=f"organ-{organ}")
    row = OpinionTemplate.objects.get()
    stranger = signed_in("feng-review").post(f"/work/templates/{row.pk}/change/", {"do": "remove"})
    assert stranger.status_code == 404
    assert new(signed_in("he-window"), scope=f"organ-{organ}") == 403
    assert OpinionTemplate.objects.get().state == "PROPOSED"


def test_an_item_and_a_step_narrow_where_it_is_offered() -> None:
    case, client = in_review(), signed_in("zhao-review")
    new(client, title="别的环节", step="没有这个环节")
    new(client, title="本环节", step=case.steps.get(state="OPEN").name, item_code=FOOD)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert ">本环节</button>" in page
    assert "别的环节" not in page


@pytest.mark.parametrize("text", ["请{姓名}来", "{申请人称谓", "承诺日}", "{}"])
def test_only_listed_places_can_be_written(text: str) -> None:
    assert unknown_places(text)
    client = signed_in("zhao-review")
    typed = {"scope": "own", "use": "OPINION", "title": "标题", "text": text}
    answer = client.post("/work/templates/new/", typed)
    assert answer.status_code == 422
    assert "不能自动填写" in answer.content.decode()
    assert text in answer.content.decode(), "what was typed is lost"


def test_what_is_filled_in_is_never_filled_again() -> None:
    values = dict.fromkeys(Place, "{承诺日}")
    assert filled("请{申请人称谓}", values) == "请{承诺日}"


def test_no_text_is_for_facts() -> None:
    assert "facts" not in {name for _, name in FIELDS.values()}
