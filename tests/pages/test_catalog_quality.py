"""The quality list: what the definitions and the running of the items say, in few statements."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import actor, received
from tests.pages.client import signed_in
from tests.ruling import forgetting, ruled

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import receiving
from yiwang.apps.cases.public import corrections_by_item
from yiwang.apps.catalog import queries
from yiwang.apps.catalog.domain.parameters import CORRECTION_SHARE, LEAST_CASES
from yiwang.apps.catalog.domain.quality import findings
from yiwang.apps.catalog.domain.quality_rules import QualityRule
from yiwang.apps.catalog.models import ItemVersion, ServiceItem
from yiwang.apps.catalog.pages.quality import groups_of
from yiwang.apps.catalog.public import Practice, current_versions
from yiwang.apps.catalog.quality import PAGE_SIZE, Wanted, page_of, quality_list
from yiwang.apps.enquiries.models import Enquiry, GuideNote
from yiwang.apps.enquiries.queries import open_notes_by_item
from yiwang.apps.people.models import Organ
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

__all__ = ["forgetting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("forgetting")]

LIST, FOOD, CARD = "/catalog/quality/", "food-business-licence", "elder-card"
FREE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def today() -> Any:
    return civil_date(now())


def page(**asked: str) -> Any:
    return signed_in("xu-editor").get(LIST, asked)


def spent(**asked: str) -> int:
    client = signed_in("xu-editor")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST, asked).status_code == 200
    return len([q for q in captured if not q["sql"].startswith(FREE)])


def of_running(code: str) -> list[tuple[QualityRule, str]]:
    """What is found in the running of one item."""
    rows = quality_list(Wanted(text=code), today=today()).rows
    rules = (QualityRule.UNLIKE_PRACTICE, QualityRule.OPEN_NOTES)
    return [
        (one.rule, one.detail)
        for row in rows
        if row.version.definition.code == code
        for one in row.found
        if one.rule in rules
    ]


def corrected(item: str) -> Case:
    """Received a moment ago, and asked for a correction by a window."""
    at = now()
    by = {FOOD: "lin-xiaoman", CARD: "he-guifang"}[item]
    case = received(item, by=actor(by, at), at=at)
    return receiving.request_correction(
        case_id=case.pk, items=[("照片", "看不清")], actor=actor("he-window", at), at=at
    )


def note(item: str, state: str = "OPEN") -> None:
    """Somebody said that the guide is wrong."""
    version = ItemVersion.objects.filter(item__code=item, status="PUBLISHED").get()
    done = {} if state == "OPEN" else {"closed_at": now(), "closed_by": "account:1"}
    enquiry = Enquiry.objects.create(
        kind="GUIDE_ERROR", state="ASKED", item_code=item, item_name="某事项",
        item_version_id=version.pk, organ_id=version.item.organ_id, asker_label="匿名",
        asked_at=now(), sort_due_at=now(),
    )  # fmt: skip
    GuideNote.objects.create(
        enquiry=enquiry, item_code=item, item_name="某事项", text="电话打不通", state=state,
        opened_at=now(), **done,
    )  # fmt: skip


def test_the_list_tells_the_totals_and_the_worst_first() -> None:
    response = page()
    found, rows = response.context["found"], response.context["rows"]
    everything = {v.definition.code: v for v in current_versions(today=today())}
    alone = sum(len(findings(v.definition)) for v in everything.values())
    assert found.items == len(everything) == ServiceItem.objects.count()
    assert found.total >= alone > 0
    numbers = [len(one["row"].found) for one in rows]
    assert numbers == sorted(numbers, reverse=True) and len(rows) == PAGE_SIZE
    text = response.content.decode()
    worst = rows[0]["row"].version.definition
    assert f'href="/catalog/{worst.code}/"' in text and worst.name in text
    assert "数字没有核实" in text and "海口2021年通报" in text


def test_it_is_linked_from_the_catalogue_for_editors_and_publishers() -> None:
    for login in ("xu-editor", "shen-publish"):
        client = signed_in(login)
        assert LIST in client.get("/catalog/").content.decode()
        assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("login", ["chen-window", "zhu-system", "lin-xiaoman"])
def test_nobody_else_sees_it(login: str) -> None:
    client = signed_in(login)
    assert client.get(LIST).status_code == 403
    assert client.get(LIST, {"format": "csv"}).status_code == 403


def test_a_rule_narrows_the_list_to_its_items_and_findings() -> None:
    whole = page().context["found"]
    rule = QualityRule.BASIS_WITHOUT_ARTICLE
    response = page(rule=rule.value)
    found = response.context["found"]
    assert {one.rule for row in found.rows for one in row.found} == {rule}
    assert len(found.rows) == whole.with_rule[rule] > 0
    current = [link for link in response.context["filters"]["links"] if link["current"]]
    assert [(link["label"], link["count"]) for link in current] == [(rule.label, len(found.rows))]
    assert page(rule="NO_SUCH").context["found"].rows == whole.rows


def test_items_are_found_by_name_code_and_organ_and_keep_the_rule() -> None:
    organ = ServiceItem.objects.get(code=CARD).organ.name
    for text in ("老年人证", "ELDER-CARD", organ):
        codes = {r.version.definition.code for r in page(q=text).context["found"].rows}
        assert CARD in codes and FOOD not in codes
    response = page(q="老年人证", rule="UNSURE_FIGURE")
    links = [link["url"] for link in response.context["filters"]["links"]]
    assert all("q=" in url for url in links)
    assert "没有符合的事项" in page(q="没有这样的事项").content.decode()


def test_no_finding_is_said_so_and_so_is_an_empty_catalogue() -> None:
    response = page(rule=QualityRule.SUMMARY_TELLS_NOTHING.value)
    assert response.context["rows"] == [] and "没有发现问题" in response.content.decode()
    organs = ServiceItem.objects.values("organ_id")
    Organ.objects.filter(pk__in=organs).update(valid_until=today())
    text = page().content.decode()
    assert "还没有现行的事项" in text and 'action="/catalog/quality/"' in text


def test_the_pages_follow_each_other_without_a_gap_both_ways() -> None:
    rows = quality_list(Wanted(), today=today()).rows
    seen, pages, after = [], [], ""
    while True:
        pages.append(after)
        one = page_of(rows, after, size=7)
        assert one.first == len(seen) + 1
        assert one.previous == (pages[-2] if len(pages) > 1 else None)
        seen += one.rows
        if one.next is None:
            break
        after = one.next
    assert seen == rows and len(pages) > 2
    assert page_of(rows, "nonsense", size=7).rows == page_of(rows, "", size=7).rows
    first = page()
    following = signed_in("xu-editor").get(first.context["pager"]["next_url"])
    assert len(following.context["rows"]) == len(rows) - PAGE_SIZE
    assert following.context["pager"]["previous_url"] == LIST


def test_the_file_holds_every_finding_with_its_source() -> None:
    response = page(format="csv")
    lines = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    found = quality_list(Wanted(), today=today())
    assert len(lines) == found.total + 1
    line = next(row for row in lines if row[1] == CARD and row[4] == "材料没有填报须知")
    assert line[0] == "老年人证办理" and line[3].startswith("第 ")
    assert line[5].startswith("申报材料「") and line[8:] == ["平台默认", "平台默认"]
    narrowed = page(format="csv", q="老年人证", rule="UNSURE_FIGURE").content.decode("utf-8-sig")
    assert {row[4] for row in list(csv.reader(io.StringIO(narrowed)))[1:]} == {"数字没有核实"}


def test_cases_received_and_corrected_are_counted_by_item() -> None:
    since = now() - timedelta(days=90)
    before = corrections_by_item(since)
    none = Practice(0, 0)
    at = now()
    corrected(FOOD)
    received(FOOD, by=actor("lin-xiaoman", at), at=at)
    received(CARD, by=actor("he-guifang", at), at=at)
    void, early = corrected(FOOD), corrected(FOOD)
    Case.objects.filter(pk=void.pk).update(state="VOIDED")
    Case.objects.filter(pk=early.pk).update(received_at=since - timedelta(minutes=1))
    after = corrections_by_item(since)

    def more(item: str) -> tuple[int, int]:
        one, other = before.get(item, none), after[item]
        return other.received - one.received, other.corrected - one.corrected

    assert more(FOOD) == (2, 1)
    assert more(CARD) == (1, 0)


def test_a_guide_unlike_the_practice_is_found_by_the_citys_own_numbers() -> None:
    corrected(FOOD)
    practice = corrections_by_item(now() - timedelta(days=90))[FOOD]
    assert practice.corrected * 100 > practice.received  # more than one per cent
    assert practice.received < 10 and of_running(FOOD) == []
    ruled(LEAST_CASES, practice.received, valid_from=today())
    ruled(CORRECTION_SHARE, 1, valid_from=today())
    told = f"90 天内收的 {practice.received} 件里有 {practice.corrected} 件要求补正"
    assert of_running(FOOD) == [(QualityRule.UNLIKE_PRACTICE, told)]
    assert told in page(rule="UNLIKE_PRACTICE").content.decode()
    ruled(LEAST_CASES, practice.received + 1, valid_from=today())
    assert of_running(FOOD) == []


def test_open_notes_are_counted_by_item_and_lead_an_editor_to_them() -> None:
    for item, state in ((FOOD, "OPEN"), (FOOD, "OPEN"), (FOOD, "MENDED"), (CARD, "OPEN")):
        note(item, state)
    assert open_notes_by_item() == {FOOD: 2, CARD: 1}
    assert of_running(FOOD) == [(QualityRule.OPEN_NOTES, "2 条没有处理")]
    asked = {"rule": "OPEN_NOTES"}
    text = signed_in("xu-editor").get(LIST, asked).content.decode()
    assert "2 条没有处理" in text and 'href="/guide-notes/"' in text
    row = quality_list(Wanted(FOOD, QualityRule.OPEN_NOTES), today=today()).rows[0]
    assert [one.url for one in groups_of(row, may_edit=True)] == ["/guide-notes/"]
    assert [one.url for one in groups_of(row, may_edit=False)] == [""]


def test_the_statements_do_not_grow_with_the_items(monkeypatch: pytest.MonkeyPatch) -> None:
    spent()
    warm = spent()
    assert warm == 5  # session and account, versions in force, cases, notes
    monkeypatch.setattr(queries, "_published", {})  # as in a process that has just begun
    assert spent() == warm + 1  # every definition at once
    for item in (FOOD, CARD):
        note(item)
        corrected(item)
    assert spent() == spent(format="csv") == warm
    keep = ServiceItem.objects.filter(code__in=(FOOD, CARD)).values("organ_id")
    Organ.objects.exclude(pk__in=keep).update(valid_until=today())
    assert spent() == warm
    assert page().context["found"].items < PAGE_SIZE
