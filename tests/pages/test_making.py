"""Pages of making: the queue, the stock, what was voided, and the ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import actor, make_documents
from tests.integration.certifying import granted
from tests.integration.making import ITEM, stock
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations.delivering import pickup_code_of
from yiwang.apps.certificates.models import Blank, IssueEntry, Making
from yiwang.apps.people.models import Disclosure
from yiwang.foundation.clockwork import now

pytestmark = pytest.mark.django_db


def a_case() -> tuple[Case, Making]:
    at = now()
    logins = {"citizen": "ye-ying", "clerk": "chen-window", "reviewer": "zhao-review",
              "approver": "sun-approve"}  # fmt: skip
    people = {name: actor(login, at) for name, login in logins.items()}
    case = granted(people, at, ITEM)
    make_documents(case, at)
    return case, Making.objects.get(subject=case.subject)


def text_of(login: str, path: str, status: int = 200) -> str:
    response = signed_in(login).get(path)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def post(login: str, path: str, status: int = 303, **data: Any) -> str:
    response = signed_in(login).post(path, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def test_the_empty_pages_say_what_would_be_there() -> None:
    assert "现在没有要制的证" in text_of("mo-make", "/making/")
    assert "没有这种状态的制证任务" in text_of("mo-make", "/making/?state=SPOILED")
    assert "没有作废的空白证照" in text_of("mo-make", "/blanks/wastes/")
    assert "没有待销毁的空白证照" in text_of("mo-make", "/blanks/wastes/?open=1")
    assert "还没有发出证照" in text_of("mo-make", "/issued/")
    assert "没有符合筛选的发证记录" in text_of("mo-make", "/issued/?q=X1")
    assert "日期请写成" in text_of("mo-make", "/issued/?first=昨天")


@pytest.mark.row("R140")
@pytest.mark.parametrize("path", ["/making/", "/blanks/", "/blanks/receive/", "/blanks/wastes/"])
def test_a_window_and_an_approver_do_not_make(path: str) -> None:
    for login in ("chen-window", "zhao-review", "sun-approve"):
        assert "制证和空白证照" in text_of(login, path, 403)
    text_of("lin-xiaoman", path, 403)
    text_of("zhao-review", "/issued/", 403)
    text_of("chen-window", "/issued/")


@pytest.mark.row("R269")
def test_the_whole_way_from_the_decision_to_the_ledger() -> None:
    case, making = a_case()
    here = f"/making/{making.pk}/"
    assert "正在制证" in text_of("ye-ying", f"/my/cases/{case.pk}/")
    assert "正在制证" in text_of("ye-ying", "/my/")
    assert "正在制证" in text_of("chen-window", f"/cases/{case.pk}/")
    assert "正在制证" in text_of("chen-window", "/work/deliver/")
    assert pickup_code_of(case) not in text_of("ye-ying", f"/my/cases/{case.pk}/")
    assert case.short_number in text_of("mo-make", "/making/")
    text_of("mo-make", f"{here}face/", 404)
    post("mo-make", f"{here}take/")
    looks = Disclosure.objects.count()
    assert signed_in("mo-make").get(f"{here}face/")["Content-Type"] == "application/pdf"
    assert Disclosure.objects.count() == looks + 1
    assert "由 莫印川 领取" in text_of("yin-make", here)
    assert "由本人打印" in post("yin-make", f"{here}print/", 409)
    post("mo-make", f"{here}print/")
    assert "260001" in text_of("mo-make", here)
    wrong = post("mo-make", f"{here}spoil/", 422, reason="")
    assert 'href="#id_reason"' in wrong
    post("mo-make", f"{here}spoil/", reason="套打错位")
    assert "登记作废的人不能自己确认" in text_of("mo-make", here)
    assert "另一位" in post("mo-make", f"{here}confirm-destroyed/", 409)
    assert f"{here}confirm-destroyed/" in text_of("yin-make", "/blanks/wastes/?open=1")
    post("yin-make", f"{here}confirm-destroyed/")
    for act in ("take", "print"):
        post("yin-make", f"{here}{act}/")
    post("yin-make", f"{here}store/", shelf="A 柜 3 层")
    assert "260002" in text_of("mo-make", here)
    mine = text_of("ye-ying", f"/my/cases/{case.pk}/")
    assert "正在制证" not in mine
    assert pickup_code_of(case) in mine
    case.refresh_from_db()
    given = {"version": case.version, "code": pickup_code_of(case)}
    post("chen-window", f"/cases/{case.pk}/deliver/", **given)
    page = text_of("chen-window", "/issued/?q=260002")
    assert making.certificate.number in page
    exported = signed_in("chen-window").get("/issued/export.csv")
    lines = exported.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "260002" in lines[1]
    assert case.applicant.name not in lines[1] or case.applicant.label == case.applicant.name


def test_a_batch_is_received_once_and_nothing_typed_is_lost() -> None:
    keeper = stock().keeper
    typed = {"keeper": keeper, "kind": "public_place_hygiene", "first": "260119", "last": "260130"}
    page = post("mo-make", "/blanks/receive/", 422, **typed)
    assert "已经登记过" in page
    assert 'value="260119"' in page
    assert "止号不能小于起号" in post("mo-make", "/blanks/receive/", 422, **typed | {"last": "x"})
    post("mo-make", "/blanks/receive/", **typed | {"first": "260121"})
    page = text_of("mo-make", f"/blanks/{stock().pk}/")
    assert "260121—260130" in page
    text_of("mo-make", "/blanks/999999/", 404)


def test_a_low_stock_is_shown_and_a_sheet_is_voided() -> None:
    here = f"/blanks/{stock().pk}/"
    post("mo-make", f"{here}low/", low_at="200")
    assert "库存不足" in text_of("mo-make", "/blanks/")
    assert "0 到" in post("mo-make", f"{here}low/", 422, low_at="很多")
    post("mo-make", f"{here}void/", number="260010", reason="受潮")
    assert "没有这个号码" in post("mo-make", f"{here}void/", 422, number="7", reason="受潮")
    waste = Blank.objects.get(number=260010, stock=stock()).waste
    confirm = f"/blanks/wastes/{waste.pk}/confirm/"
    assert "260010" in text_of("yin-make", confirm)
    assert "另一位" in post("mo-make", confirm, 409)
    post("yin-make", confirm)
    assert "尹墨白" in text_of("mo-make", "/blanks/wastes/")


def test_the_lists_stay_within_eight_statements() -> None:
    for _ in range(2):
        a_case()
    for path in ("/making/", "/blanks/", "/blanks/wastes/", "/issued/", f"/blanks/{stock().pk}/"):
        client = signed_in("mo-make")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        assert len(captured) <= 8, (path, [q["sql"][:100] for q in captured])


def test_another_hall_sees_neither_queue_nor_ledger(at: datetime) -> None:
    a_case()
    page = text_of("he-window", "/issued/")
    assert "还没有发出证照" in page
    assert not IssueEntry.objects.exists()
