"""The three administrators: each does his own work, none another's, nobody his own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.acting import actor
from tests.pages.client import signed_in

from yiwang.apps.people.administration import AdministrationError, assign_post
from yiwang.apps.people.domain.vocabulary import Separation, separated
from yiwang.apps.people.models import Absence, Account, Party, Post, PostHolding, SecurityEvent
from yiwang.apps.people.operations import unmask
from yiwang.apps.people.overview import accounts_page
from yiwang.apps.people.queries import load_actor
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db

ADMINISTRATORS = ("zhu-system", "qin-security", "you-audit")
THEIR_PAGES = {
    "/admin/accounts/": {"zhu-system"},
    "/admin/posts/": {"qin-security"},
    "/admin/security/": {"qin-security", "you-audit"},
    "/admin/record/": {"you-audit"},
    "/admin/calendar/": {"zhu-system"},
    "/admin/jobs/": {"zhu-system"},
    "/admin/messages/": {"zhu-system"},
}


def account(login: str) -> Account:
    return Account.objects.get(login=login)


def post(role: str) -> Post:
    return Post.objects.filter(role_id=role).order_by("id")[0]


@pytest.mark.parametrize("path", THEIR_PAGES)
@pytest.mark.parametrize("login", [*ADMINISTRATORS, "chen-window", "lin-xiaoman"])
def test_each_administrators_page_opens_only_for_that_one(path: str, login: str) -> None:
    client = signed_in(login)
    wanted = 200 if login in THEIR_PAGES[path] else 403
    assert client.get(path).status_code == wanted


@pytest.mark.parametrize("path", THEIR_PAGES)
def test_a_stranger_is_sent_to_sign_in(path: str, client: object) -> None:
    response = client.get(path)  # type: ignore[attr-defined]
    assert response["Location"] == f"/sign-in/?next={path}"


@pytest.mark.parametrize("path", THEIR_PAGES)
def test_each_administrators_page_takes_few_statements(path: str) -> None:
    client = signed_in(next(iter(THEIR_PAGES[path])))
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) <= 8


@given(st.sampled_from(Separation), st.sampled_from(Separation))
def test_two_different_administrators_duties_always_exclude_each_other(
    one: Separation, other: Separation
) -> None:
    assert separated(one, other) is separated(other, one)
    both = Separation.NONE not in (one, other)
    assert separated(one, other) is (both and one != other)


@pytest.mark.parametrize(
    ("login", "role"),
    [
        ("zhu-system", "security_admin"),
        ("zhu-system", "audit_admin"),
        ("you-audit", "system_admin"),
        ("you-audit", "security_admin"),
    ],
)
def test_no_account_holds_two_of_the_three_duties(login: str, role: str) -> None:
    client = signed_in("qin-security")
    response = client.post(f"/admin/posts/{post(role).pk}/", {"account": login, "side": "A"})
    assert response.status_code == 409
    assert "三员分离" in response.content.decode()
    assert not PostHolding.objects.filter(account__login=login, post__role_id=role).exists()


def test_a_duty_that_begins_later_counts_too() -> None:
    at = now()
    PostHolding.objects.filter(account=account("zhu-system")).update(
        valid_from=civil_date(at) + timedelta(days=30)
    )
    with pytest.raises(AdministrationError, match="三员分离"):
        assign_post(
            post_id=post("audit_admin").pk,
            account_id=account("zhu-system").pk,
            actor=actor("qin-security", at),
            at=at,
        )


def test_a_duty_that_is_over_does_not() -> None:
    at = now()
    PostHolding.objects.filter(account=account("zhu-system")).update(
        valid_until=civil_date(at) - timedelta(days=1)
    )
    assign_post(
        post_id=post("audit_admin").pk,
        account_id=account("zhu-system").pk,
        actor=actor("qin-security", at),
        at=at,
    )


def test_nobody_gives_or_takes_a_post_of_his_own() -> None:
    client = signed_in("qin-security")
    path = f"/admin/posts/{post('reviewer').pk}/"
    assert client.post(path, {"account": "qin-security", "side": "A"}).status_code == 409
    own = PostHolding.objects.get(account=account("qin-security"))
    assert client.post(f"/admin/posts/{own.post_id}/holdings/{own.pk}/end/").status_code == 409


def test_an_assignment_gives_the_rights_and_is_told_twice() -> None:
    client, person, given_post = signed_in("qin-security"), account("zhu-system"), post("reviewer")
    response = client.post(
        f"/admin/posts/{given_post.pk}/", {"account": "zhu-system", "side": "A", "valid_from": ""}
    )
    assert response.status_code == 303
    signed = load_actor(person.pk, at=now())
    assert signed is not None
    assert given_post.pk in [p.post_id for p in signed.actor.postings]
    entry = RecordEntry.objects.filter(subject=f"account:{person.pk}").latest("id")
    assert (entry.operation, entry.facts["post"]) == ("people.assign_post", given_post.pk)
    assert SecurityEvent.objects.filter(kind="POST_ASSIGNED", account="zhu-system").exists()


def test_a_post_taken_back_is_gone_at_once() -> None:
    at = now()
    holding = PostHolding.objects.get(account=account("chen-window"))
    client = signed_in("qin-security")
    url = f"/admin/posts/{holding.post_id}/holdings/{holding.pk}/end/"
    assert client.post(url).status_code == 303
    signed = load_actor(holding.account_id, at=at)
    assert signed is not None
    assert signed.actor.postings == ()


@pytest.mark.parametrize("typed", [{"account": "nobody"}, {"valid_from": "31.12.2026"}])
def test_a_slip_in_an_assignment_keeps_what_was_typed(typed: dict[str, str]) -> None:
    data = {"account": "lin-window", "side": "B"} | typed
    url = f"/admin/posts/{post('reviewer').pk}/"
    response = signed_in("qin-security").post(url, data)
    assert response.status_code == 422
    values = {f["name"]: f.get("value") for f in response.context["fields"]}
    assert values["account"] == data["account"]


def test_a_locked_account_is_unlocked_only_by_the_system_administrator() -> None:
    locked = account("lin-xiaoman")
    Account.objects.filter(pk=locked.pk).update(locked_until=now() + timedelta(minutes=30))
    url = f"/admin/accounts/{locked.pk}/unlock/"
    assert signed_in("qin-security").post(url).status_code == 403
    assert signed_in("zhu-system").post(url).status_code == 303
    locked.refresh_from_db()
    assert locked.locked_until is None
    assert SecurityEvent.objects.filter(kind="UNLOCKED", account="lin-xiaoman").exists()


def test_nobody_resets_or_closes_his_own_account() -> None:
    client, own = signed_in("zhu-system"), account("zhu-system")
    assert client.post(f"/admin/accounts/{own.pk}/second-factor/").status_code == 409
    assert client.post(f"/admin/accounts/{own.pk}/active/", {"active": "0"}).status_code == 409


def test_a_closed_account_is_signed_out_at_its_next_request() -> None:
    clerk = signed_in("chen-window")
    url = f"/admin/accounts/{account('chen-window').pk}/active/"
    assert signed_in("zhu-system").post(url, {"active": "0"}).status_code == 303
    assert clerk.get("/start/")["Location"].startswith("/sign-in/")


def test_the_administrator_registers_an_absence_for_somebody_else() -> None:
    client, clerk = signed_in("zhu-system"), account("chen-window")
    url = f"/admin/accounts/{clerk.pk}/absences/"
    today = civil_date(now())
    slip = {"starts_at": str(today), "ends_at": "", "reason": "住院"}
    assert client.post(url, slip).status_code == 422
    days = {"starts_at": str(today), "ends_at": str(today + timedelta(days=2)), "reason": "住院"}
    assert client.post(url, days).status_code == 303
    absence = Absence.objects.get(account=clerk)
    assert client.post(f"{url}{absence.pk}/end/").status_code == 303
    assert Absence.objects.get(pk=absence.pk).ends_at <= now()


def test_an_applicants_name_is_masked_for_administrators() -> None:
    client = signed_in("zhu-system")
    text = client.get("/admin/accounts/?kind=applicants").content.decode()
    assert "lin-xiaoman" in text
    assert "林小满" not in text
    page = client.get(f"/admin/accounts/{account('lin-xiaoman').pk}/").content.decode()
    assert "林小满" not in page


def test_accounts_are_paged_by_key_without_gap_or_repeat() -> None:
    at, seen, after = now(), [], None
    while True:
        page = accounts_page(at=at, after=after, size=5)
        seen += [row.account.login for row in page.rows]
        after = page.next_cursor
        if after is None:
            break
    assert seen == sorted(Account.objects.filter(is_staff=True).values_list("login", flat=True))


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "zhu", "朱"])
def test_a_search_takes_signs_as_they_are(text: str) -> None:
    page = accounts_page(at=now(), text=text)
    assert all(text in r.account.login or text in r.account.label for r in page.rows)


def test_a_bad_cursor_is_told_not_thrown() -> None:
    assert signed_in("zhu-system").get("/admin/accounts/?after=xx").status_code == 400


def test_the_person_sees_who_looked_and_why() -> None:
    at = now()
    party = Party.objects.get(account__login="lin-xiaoman")
    unmask(
        party=party,
        what="身份证号码",
        reason="核对申请材料",
        actor=actor("chen-window", at),
        at=at,
        subject="case:1",
    )
    text = signed_in("lin-xiaoman").get("/my/disclosures/").content.decode()
    assert "查看了身份证号码" in text
    assert "核对申请材料" in text
    assert "综合窗口A01" in text
    assert "陈小帆" not in text
    other = signed_in("wang-shouren").get("/my/disclosures/").content.decode()
    assert "还没有人查看过" in other


def test_the_security_log_is_filtered_and_paged() -> None:
    at = now()
    for number in range(60):
        SecurityEvent.objects.create(kind="LOCKED", account=f"a{number}", at=at)
    client = signed_in("you-audit")
    page = client.get("/admin/security/?kind=LOCKED")
    assert len(page.context["table"]["rows"]) == 50
    rest = client.get(page.context["table"]["pager"]["next_url"])
    assert len(rest.context["table"]["rows"]) >= 10
    assert len(client.get("/admin/security/?q=a7").context["table"]["rows"]) == 1
