"""The pages of supervision: who sees what, what may be done, and what is said when it may not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.acting import PDF, accepted, actor
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case, ReviewStep
from yiwang.apps.supervision.models import Card, SupervisionRule
from yiwang.apps.supervision.operations import acting
from yiwang.apps.supervision.operations.issuing import look
from yiwang.apps.supervision.operations.reminding import send_digests
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.clockwork import now
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db

CARDS, FIGURES, RULES, DIGESTS = "/cards/", "/cards/figures/", "/cards/rules/", "/cards/digests/"
WATCH, OTHER_WATCH, UNIT, OTHER_UNIT = (
    "tang-supervise",
    "song-supervise",
    "luo-liaison",
    "fan-liaison",
)
FACTS = "当日政务云停机六小时,无法提交核查结果,见故障通知。"


def a_case(days_ago: int = 21) -> Case:
    """Accepted so long ago that promise and law are over."""
    at = now() - timedelta(days=days_ago)
    case = accepted(
        "food-business-licence",
        by=actor("lin-xiaoman", at),
        clerk=actor("chen-window", at),
        at=at,
        hall="taolin-hall",
    )
    ReviewStep.objects.filter(case=case).update(state="CANCELLED")
    return case


@pytest.fixture
def card() -> Card:
    """A red card, just issued, of 桃林区市场监管局."""
    case = a_case()
    look(case.pk, at=now())
    return Card.objects.get(case_id=case.pk, rule_code="R01")


def text_of(login: str, path: str, status: int = 200) -> str:
    response = signed_in(login).get(path)
    assert response.status_code == status
    return response.content.decode()


def test_supervisor_and_own_unit_list_a_card_and_nobody_else(card: Card) -> None:
    for login in (WATCH, OTHER_WATCH, UNIT):
        assert card.number in text_of(login, CARDS)
    other = text_of(OTHER_UNIT, CARDS)
    assert card.number not in other
    assert "还没有监察卡" in other
    for login in ("sun-approve", "chen-window", "zhu-system", "lin-xiaoman"):
        assert "权限" in text_of(login, CARDS, 403)
        text_of(login, f"/cards/{card.pk}/", 403)
    text_of(OTHER_UNIT, f"/cards/{card.pk}/", 404)
    assert signed_in(UNIT).get("/cards/999999999/").status_code == 404


def test_the_list_takes_eight_statements_however_long(card: Card) -> None:
    client = signed_in(WATCH)
    client.get(CARDS)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{CARDS}?signal=RED&state=VALID").status_code == 200
        assert len(captured) <= 8, "\n".join(q["sql"][:120] for q in captured)
        look(a_case().pk, at=now())


def test_the_list_is_narrowed_by_signal_state_and_unit(card: Card) -> None:
    assert card.number in text_of(WATCH, f"{CARDS}?signal=RED")
    assert "没有符合筛选的监察卡" in text_of(WATCH, f"{CARDS}?signal=RED&state=APPEALED")
    assert card.number in text_of(WATCH, f"{CARDS}?organ={card.organ_id}")
    assert card.number not in text_of(WATCH, f"{CARDS}?organ={card.organ_id + 1}")
    assert card.number in text_of(WATCH, f"{CARDS}?signal=%00&state=NONE&organ=abc")
    text_of(WATCH, f"{CARDS}?after=nonsense", 400)


def test_a_card_shows_all_it_rests_on(card: Card) -> None:
    page = text_of(WATCH, f"/cards/{card.pk}/")
    for said in (
        card.text,
        f"/cases/{card.case_id}/",
        "R01 第 1 版",
        "食品经营许可和备案管理办法",
        "起算事件日",
        "法定到期日",
        "发卡时封存",
        "唐正言",
    ):
        assert said in page
    assert "strip-weeks" in page


def test_the_unit_explains_and_appeals_and_the_supervisor_decides(card: Card) -> None:
    unit, address = signed_in(UNIT), f"/cards/{card.pk}/"
    assert "申请人会在办件页上看到" in unit.get(f"{address}explain/").content.decode()
    refused = unit.post(f"{address}explain/", {"reason": "忙"})
    assert refused.status_code == 422
    assert "忙" in refused.content.decode()
    done = unit.post(f"{address}explain/", {"reason": "核查人员不足,现已安排专人办理。"})
    assert (done.status_code, done.headers["Location"]) == (303, address)
    assert "现已安排专人办理" in unit.get(address).content.decode()

    missing = unit.post(f"{address}appeal/", {"text": FACTS})
    assert missing.status_code == 422
    page = missing.content.decode()
    assert "请选择申诉原因" in page
    assert FACTS in page
    file = SimpleUploadedFile("故障通知.pdf", PDF, "application/pdf")
    done = unit.post(f"{address}appeal/", {"cause": "SYSTEM", "text": FACTS, "file": file})
    assert done.status_code == 303
    again = unit.post(f"{address}appeal/", {"cause": "OTHER", "text": FACTS})
    assert again.status_code == 409
    assert "只能申诉一次" in again.content.decode()
    assert unit.get(f"{address}decide/").status_code == 403

    watch = signed_in(WATCH)
    page = watch.get(address).content.decode()
    assert "裁定申诉" in page
    download = watch.get(f"{address}evidence/")
    assert download.content == PDF
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert signed_in(OTHER_UNIT).get(f"{address}evidence/").status_code == 404
    unclear = watch.post(f"{address}decide/", {"reason": "情况属实,有故障记录。"})
    assert unclear.status_code == 422
    done = watch.post(
        f"{address}decide/", {"choice": "withdraw", "reason": "情况属实,有故障记录。"}
    )
    assert done.status_code == 303
    page = watch.get(address).content.decode()
    assert "<s>" in page
    assert "这张卡已撤销" in page
    assert "情况属实,有故障记录。" in page
    listed = watch.get(f"{CARDS}?state=WITHDRAWN").content.decode()
    assert f"<s>{card.number}</s>" in listed


def test_a_file_that_is_none_is_refused_and_the_text_kept(card: Card) -> None:
    file = SimpleUploadedFile("x.pdf", b"MZ nothing", "application/pdf")
    answer = signed_in(UNIT).post(
        f"/cards/{card.pk}/appeal/", {"cause": "SYSTEM", "text": FACTS, "file": file}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "不能识别这个文件" in page
    assert FACTS in page
    assert Card.objects.get(pk=card.pk).state == "VALID"


def test_an_appeal_too_late_says_so(card: Card) -> None:
    case = a_case(60)
    look(case.pk, at=now() - timedelta(days=10))
    old = Card.objects.get(case_id=case.pk, rule_code="R01")
    assert "已经超过发出后 3 个工作日" in text_of(UNIT, f"/cards/{old.pk}/")
    assert "已经超过发出后 3 个工作日" in text_of(UNIT, f"/cards/{old.pk}/appeal/")


@pytest.mark.parametrize("login", [WATCH, UNIT])
def test_figures_show_numerators_and_denominators(card: Card, login: str) -> None:
    begin = (civil_date(now()) - timedelta(days=90)).isoformat()
    page = text_of(login, f"{FIGURES}?first={begin}")
    assert "1 件有有效红牌 ÷ 1 件监察办件" in page
    assert "100.00%" in page
    assert "桃林区市场监管局" in page
    paper = text_of(login, f"{FIGURES}print/?first={begin}")
    assert "电子监察统计" in paper
    assert "1 件有有效红牌 ÷ 1 件监察办件" in paper


def test_figures_are_of_ones_own_units_only(card: Card) -> None:
    begin = (civil_date(now()) - timedelta(days=90)).isoformat()
    page = text_of(OTHER_UNIT, f"{FIGURES}?first={begin}&organ={card.organ_id}")
    assert "0 件有有效红牌 ÷ 0 件监察办件" in page


def test_figures_take_eight_statements(card: Card) -> None:
    client = signed_in(WATCH)
    with CaptureQueriesContext(connection) as captured:
        client.get(FIGURES)
    assert len(captured) <= 8


@pytest.mark.parametrize(
    "query", ["first=x", "first=2026-05-01&last=2026-04-01", "last=9999-01-01"]
)
def test_a_period_that_is_none_is_told(query: str) -> None:
    page = text_of(WATCH, f"{FIGURES}?{query}", 422)
    assert "error-summary" in page


def test_the_rules_are_shown_with_source_and_who_confirmed() -> None:
    for login in (WATCH, UNIT):
        page = text_of(login, RULES)
        assert "平台默认,未经本市审定" in page
        assert all(code in page for code in ("W01", "Y02", "R04"))
    assert "起草一个新版本" not in text_of(UNIT, f"{RULES}W01/")
    text_of(WATCH, f"{RULES}X99/", 404)


def typed(at: datetime, **change: str) -> dict[str, str]:
    return {
        "number": "2",
        "text": "{target}将于 {due} 到期,剩 {threshold}。",
        "article": "椰监〔2026〕3号",
        "valid_from": civil_date(at).isoformat(),
        "is_active": "yes",
        "reason": "提前两天提醒",
        **change,
    }


def test_a_rule_is_changed_by_two_persons() -> None:
    at, address = now(), f"{RULES}W01/"
    author, other = signed_in(WATCH), signed_in(OTHER_WATCH)
    wrong = author.post(address, typed(at, number="0", text="{name}"))
    assert wrong.status_code == 422
    assert "{name}" in wrong.content.decode()
    assert author.post(address, typed(at)).status_code == 303
    assert author.post(address, typed(at)).status_code == 409
    assert "要由另一位监察人员确认" in author.get(address).content.decode()
    assert author.post(f"{address}settle/", {"choice": "confirm"}).status_code == 403
    assert signed_in(UNIT).post(f"{address}settle/", {"choice": "confirm"}).status_code == 403
    assert other.post(f"{address}settle/", {"choice": "confirm"}).status_code == 303
    assert other.post(f"{address}settle/", {"choice": "confirm"}).status_code == 409
    assert SupervisionRule.objects.get(code="W01", version=2).confirmed_by_label == "宋怀瑾"
    assert "第 2 版" in other.get(RULES).content.decode()


def test_a_unit_cannot_draft_a_rule() -> None:
    assert signed_in(UNIT).post(f"{RULES}W01/", typed(now())).status_code == 403


@pytest.mark.row("R246")
def test_a_reminder_is_seen_and_confirmed_by_its_own_reader(card: Card) -> None:
    assert "还没有提醒" in text_of(UNIT, DIGESTS)
    at = now()
    while not calendar().is_working(civil_date(at)):
        at += timedelta(days=1)
    send_digests(at=at)
    send_pending(at=at)
    assert "张红牌待反馈" in text_of(UNIT, DIGESTS)
    message = Message.objects.get(kind="supervision.digest", recipient_id=-actor_id(UNIT))
    signed_in(WATCH).post(DIGESTS, {"message": str(message.pk)})
    message.refresh_from_db()
    assert message.read_at is None
    assert signed_in(UNIT).post(DIGESTS, {"message": str(message.pk)}).status_code == 303
    message.refresh_from_db()
    assert message.read_at is not None
    assert "已看" in text_of(UNIT, DIGESTS)


def actor_id(login: str) -> int:
    found = actor(login, now()).account_id
    assert found is not None
    return found


def test_the_late_list_of_cases_is_a_tab_and_the_navigation_leads_here(card: Card) -> None:
    page = text_of(WATCH, CARDS)
    assert 'href="/supervision/"' in page
    assert page.count('href="/cards/"') >= 2
    assert "超期办件" not in text_of(UNIT, CARDS)
    assert text_of(WATCH, "/supervision/")


def test_the_posts_that_decide_are_not_the_units(card: Card) -> None:
    at = now()
    acting.appeal(card_id=card.pk, cause="OTHER", text=FACTS, actor=actor(UNIT, at), at=at)
    assert "裁定申诉" in text_of(WATCH, f"/cards/{card.pk}/")
    assert f"/cards/{card.pk}/decide/" not in text_of(UNIT, f"/cards/{card.pk}/")
