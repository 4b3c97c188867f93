"""The lists of the staff: whose, in which order, in how many statements; absence and B角."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import accepted, actor, received, reviewed
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import deciding
from yiwang.apps.cases.queries import late_cases
from yiwang.apps.people.models import Absence, Account, Party
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import BEIJING, civil_date, end_of_day

pytestmark = pytest.mark.django_db
HALL = {"hall": "taolin-hall"}


def company() -> Party:
    return next(p for p in Party.objects.filter(kind="ENTERPRISE") if "小满" in p.name)


def food(at: Any = None) -> Case:
    at = at or now()
    by = actor("lin-xiaoman", at)
    return received("food-business-licence", by=by, at=at, applicant=company(), **HALL)


def in_review(item: str = "food-business-licence", at: Any = None) -> Case:
    at = at or now()
    return accepted(
        item,
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        applicant=company(),
        **HALL,
    )


def page_of(login: str, url: str) -> str:
    answer = signed_in(login).get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return str(answer.content.decode())


@pytest.mark.row("R019")
def test_the_list_to_accept_is_by_package_and_hall_not_by_organ() -> None:
    case = food()
    assert case.short_number in page_of("chen-window", "/work/accept/")
    assert case.short_number in page_of("lin-window", "/work/accept/")
    assert case.short_number not in page_of("he-window", "/work/accept/")


def test_the_list_to_accept_is_ordered_by_the_clock_and_filtered_by_item() -> None:
    late, fresh = food(now() - timedelta(days=3)), food()
    page = page_of("chen-window", "/work/accept/")
    assert page.index(late.short_number) < page.index(fresh.short_number)
    assert "没有符合筛选条件的办件" in page_of("chen-window", "/work/accept/?item=elder-card")
    assert fresh.short_number in page_of("chen-window", "/work/accept/?item=food-business-licence")


def test_a_decided_case_waits_to_be_handed_over() -> None:
    case, at = reviewed(in_review(), reviewer=actor("zhao-review", now()), at=now()), now()
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)
    assert case.short_number in page_of("chen-window", "/work/deliver/")
    assert case.short_number in page_of("zhao-review", "/work/cases/")


@pytest.mark.parametrize(
    ("login", "url"),
    [
        ("chen-window", "/work/accept/"),
        ("chen-window", "/work/deliver/"),
        ("zhao-review", "/work/review/"),
        ("zhao-review", "/work/cases/"),
        ("tang-supervise", "/supervision/"),
        ("chen-window", "/work/find/?q=椰城小满餐饮有限公司"),
    ],
)
def test_a_list_stays_within_eight_statements(login: str, url: str) -> None:
    food(now() - timedelta(days=30))
    in_review(at=now() - timedelta(days=40))
    client = signed_in(login)
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        client.get(url)
    assert len(found) <= 8, [q["sql"][:120] for q in found]


@pytest.mark.parametrize(
    ("login", "url", "words"),
    [
        ("he-window", "/work/accept/", "现在没有待受理的办件"),
        ("he-window", "/work/deliver/", "现在没有等待领取的结果"),
        ("feng-review", "/work/review/", "现在没有等您办理的环节"),
        ("feng-review", "/work/cases/", "本单位还没有办件"),
        ("tang-supervise", "/supervision/", "现在没有超期的办件"),
        ("he-window", "/work/find/?q=没有这个人", "没有找到"),
        ("he-window", "/work/find/", "请输入要查找的内容"),
    ],
)
def test_an_empty_list_says_what_would_be_there(login: str, url: str, words: str) -> None:
    assert words in page_of(login, url)


@pytest.mark.parametrize(
    ("login", "url"),
    [
        ("zhao-review", "/work/accept/"),
        ("chen-window", "/work/review/"),
        ("zhao-review", "/work/deliver/"),
        ("chen-window", "/work/cases/"),
        ("chen-window", "/supervision/"),
        ("lin-xiaoman", "/work/absence/"),
        ("zhu-system", "/work/find/?q=1"),
    ],
)
def test_a_list_of_another_job_is_not_opened(login: str, url: str) -> None:
    assert signed_in(login).get(url).status_code == 403


def test_pages_go_on_by_key() -> None:
    cases = [food() for _ in range(22)]
    page = page_of("chen-window", "/work/accept/")
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = page_of("chen-window", f"/work/accept/{following}")
    shown = [case for case in cases if case.short_number in page]
    left = [case for case in cases if case.short_number in rest]
    assert len(shown) == 20
    assert {c.pk for c in shown} | {c.pk for c in left} == {c.pk for c in cases}
    assert signed_in("chen-window").get("/work/accept/?after=nonsense").status_code == 400


def test_finding_goes_straight_to_the_number_and_lists_a_persons_cases() -> None:
    case = food()
    agent = actor("lin-xiaoman", now()).party_id
    Case.objects.filter(pk=case.pk).update(filed_by=agent)
    client = signed_in("chen-window")
    answer = client.get("/work/find/", {"q": case.short_number.replace("-", "")})
    assert answer["Location"] == f"/cases/{case.pk}/"
    for text in ("椰城小满餐饮有限公司", "91990102MA0XM00158", "林小满", "590102199005180244"):
        assert case.short_number in page_of("chen-window", f"/work/find/?q={text}"), text
    assert case.short_number not in page_of("chen-window", "/work/find/?q=小满")
    assert case.short_number not in page_of("he-window", "/work/find/?q=林小满")


def test_the_preview_is_a_fragment_beside_the_list() -> None:
    case = food()
    page = page_of("chen-window", f"/cases/{case.pk}/preview/")
    assert "<html" not in page
    assert "逐项核对材料" in page
    assert signed_in("he-window").get(f"/cases/{case.pk}/preview/").status_code == 404


# The B角.


@pytest.mark.row("R032")
def test_a_task_goes_to_the_deputy_while_its_holder_is_absent() -> None:
    case = reviewed(in_review(), reviewer=actor("zhao-review", now()), at=now())
    assert signed_in("li-approve").get("/work/review/").status_code == 403
    holder = signed_in("sun-approve")
    page = holder.get("/work/absence/").content.decode()
    assert "B角:李蔚然" in page
    start = now().astimezone(BEIJING)
    answer = holder.post(
        "/work/absence/",
        {
            "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
            "ends_at": (start + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
            "reason": "出差",
        },
    )
    assert answer.status_code == 303, answer.content.decode()[:2000]
    page = page_of("li-approve", "/work/review/")
    assert case.short_number in page
    assert "代 B角" in page
    assert "代B角" in page_of("li-approve", f"/cases/{case.pk}/")
    done = signed_in("li-approve").post(f"/cases/{case.pk}/grant/", {"version": case.version})
    case.refresh_from_db()
    assert done.status_code == 303
    assert case.state == "GRANTED"


def test_coming_back_early_takes_the_tasks_back() -> None:
    account = Account.objects.get(login="sun-approve")
    row = Absence.objects.create(
        account=account,
        starts_at=now() - timedelta(days=1),
        ends_at=now() + timedelta(days=5),
        reason="休假",
    )
    assert signed_in("li-approve").get("/work/review/").status_code == 200
    assert signed_in("li-approve").post(f"/work/absence/{row.pk}/back/").status_code == 303
    row.refresh_from_db()
    assert row.ends_at > now(), "somebody else ended it"
    signed_in("sun-approve").post(f"/work/absence/{row.pk}/back/")
    assert signed_in("li-approve").get("/work/review/").status_code == 403


def test_an_absence_is_in_the_record_and_a_wrong_one_comes_back_as_typed() -> None:
    account = Account.objects.get(login="sun-approve")
    client = signed_in("sun-approve")
    typed = {"starts_at": "2030-01-05T09:00", "ends_at": "2030-01-04T09:00", "reason": "年休假"}
    answer = client.post("/work/absence/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_ends_at"' in page
    assert 'value="2030-01-05T09:00"' in page
    assert 'value="年休假"' in page
    assert not Absence.objects.filter(account=account).exists()
    client.post("/work/absence/", {**typed, "ends_at": "2030-01-06T09:00"})
    entry = RecordEntry.objects.filter(subject=f"account:{account.pk}").latest("seq")
    assert entry.operation == "people.register_absence"


# Supervision.


def test_a_late_case_names_its_organ_its_step_and_who_holds_it() -> None:
    case = in_review(at=now() - timedelta(days=40))
    page = page_of("tang-supervise", "/supervision/")
    row = page.split(case.short_number)[1].split("</tr>")[0]
    for text in ("超期", "桃林区市场监管局", "资料审查", "赵明澄", "钱若溪"):
        assert text in row, text
    assert page_of("tang-supervise", f"/cases/{case.pk}/")


@pytest.mark.row("R033")
def test_an_immediate_case_left_over_night_is_a_breach() -> None:
    """即办件: due on the very day of acceptance; from its midnight on it is listed as late."""
    at = now() - timedelta(days=9)
    while not calendar().is_working(civil_date(at)):
        at -= timedelta(days=1)
    case = in_review("public-place-hygiene", at=at)
    midnight = end_of_day(civil_date(at))
    assert case.promised_due_on == civil_date(at)
    assert not _listed(case, midnight - timedelta(seconds=1))
    assert _listed(case, midnight)
    page = page_of("tang-supervise", "/supervision/")
    row = page.split(case.short_number)[1].split("</tr>")[0]
    assert "超期" in row
    assert "即办件" in page_of("tang-supervise", f"/cases/{case.pk}/")


def _listed(case: Case, at: datetime) -> bool:
    return case in late_cases(organs=[case.organ_id], at=at).cases
