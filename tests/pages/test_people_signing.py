"""Signing in: lock-out, second factor, time-out, and no way to another site."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.pages.client import signed_in
from tests.ruling import forgetting, ruled

from yiwang.apps.people import signing_in
from yiwang.apps.people.models import Account, SecurityEvent
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.foundation.shell.own_path import own_path
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db
__all__ = ["forgetting"]

SIGN_IN, SECOND = "/sign-in/", "/second-factor/"
PASSWORD = "yiwang-demo"


def attempt(client: Client, login: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


@pytest.fixture
def production(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same pages in a deployment that is not the demonstration, and real accounts."""
    Account.objects.update(is_demo=False)
    real = dataclasses.replace(environment(), is_demo=False)
    for module in (
        "yiwang.apps.people.middleware",
        "yiwang.apps.people.pages.signing",
        "yiwang.apps.people.signing_in",
        "yiwang.foundation.clockwork",
        "yiwang.site.pages.demo",
        "yiwang.site.shell",
    ):
        monkeypatch.setattr(f"{module}.environment", lambda: real)
    yield


def code_for(secret: str, at: datetime) -> str:
    import base64

    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return totp.generate(int(at.timestamp())).decode()


def test_after_a_breakdown_the_same_form_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Found in a thousand kills: the button pressed again said that the page was out of date."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    page = client.get(SIGN_IN).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"login": "lin-xiaoman", "password": PASSWORD, "csrfmiddlewaretoken": token}

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    for what in ("load_actor", "begin_session", "must_prove_second_factor"):
        with monkeypatch.context() as broken:
            broken.setattr(f"yiwang.apps.people.pages.signing.{what}", gone)
            assert client.post(SIGN_IN, form).status_code == 500
    assert client.post(SIGN_IN, form).status_code == 303


def test_the_right_password_opens_a_session_and_leads_on() -> None:
    client = Client()
    response = attempt(client, "lin-xiaoman", next="/my/disclosures/")
    assert (response.status_code, response["Location"]) == (303, "/my/disclosures/")
    assert client.session["account"] == Account.objects.get(login="lin-xiaoman").pk


def test_five_failures_lock_the_account_even_for_the_right_password() -> None:
    client = Client()
    for _ in range(5):
        assert attempt(client, "lin-xiaoman", "wrong").status_code == 422
    response = attempt(client, "lin-xiaoman")
    assert response.status_code == 422
    assert "已锁定到" in response.content.decode()
    assert "account" not in client.session
    kinds = list(SecurityEvent.objects.order_by("-id").values_list("kind", flat=True)[:2])
    assert kinds == ["SIGN_IN_WHILE_LOCKED", "LOCKED"]


@pytest.mark.usefixtures("forgetting")
def test_a_city_rules_after_how_many_failures_it_locks_and_the_page_says_so() -> None:
    ruled("people.most_failures", 3, valid_from=civil_date(now()))
    texts = [attempt(Client(), "lin-xiaoman", "wrong").content.decode() for _ in range(3)]
    assert "连续 3 次不对将锁定 30 分钟" in texts[0]
    assert "已锁定到" in attempt(Client(), "lin-xiaoman").content.decode()


def test_the_lock_ends_after_half_an_hour() -> None:
    for _ in range(5):
        attempt(Client(), "lin-xiaoman", "wrong")
    Account.objects.filter(login="lin-xiaoman").update(locked_until=now() - timedelta(seconds=1))
    assert attempt(Client(), "lin-xiaoman").status_code == 303


def test_an_unknown_login_and_a_wrong_password_look_the_same() -> None:
    texts = [
        attempt(Client(), login, "wrong").content.decode().count(signing_in.wrong(now()))
        for login in ("lin-xiaoman", "nobody-at-all")
    ]
    assert texts == [1, 1]


def test_what_was_typed_is_kept_but_never_the_password() -> None:
    text = attempt(Client(), "lin-xiaoman", "a-wrong-password").content.decode()
    assert 'value="lin-xiaoman"' in text
    assert "a-wrong-password" not in text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)", "///x.y"],
)
def test_signing_in_never_leads_to_another_site(elsewhere: str) -> None:
    assert attempt(Client(), "lin-xiaoman", next=elsewhere)["Location"] == "/start/"
    response = Client().get("/edition/", {"next": elsewhere})
    assert response["Location"] == "/"


@given(st.text(alphabet="/\\.:@ a\t\nh", max_size=12))
def test_an_own_path_has_one_slash_and_no_host(text: str) -> None:
    found = own_path(text)
    assert found.startswith("/")
    assert found[1:2] not in ("/", "\\")


def test_a_signed_out_session_is_gone() -> None:
    client = signed_in("lin-xiaoman")
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/"
    assert "account" not in client.session


def test_an_idle_session_ends_and_says_so() -> None:
    client = signed_in("zhu-system")
    session = client.session
    session["seen"] -= 30 * 60 + 1
    session.save()
    response = client.get("/start/", follow=True)
    assert response.request["PATH_INFO"] == SIGN_IN
    assert "已自动退出登录" in response.content.decode()
    assert "account" not in client.session


def test_a_session_does_not_outlive_its_password() -> None:
    client = signed_in("zhu-system")
    Account.objects.filter(login="zhu-system").update(password="md5$x$another")
    assert client.get("/start/")["Location"].startswith(SIGN_IN)


def test_a_new_sign_in_takes_nothing_from_another_account() -> None:
    client = signed_in("zhu-system")
    session = client.session
    session["window_party"] = 7
    session.save()
    before = session.session_key
    attempt(client, "lin-xiaoman")
    assert "window_party" not in client.session
    assert client.session.session_key != before


def test_staff_need_a_second_factor_outside_the_demonstration(production: None) -> None:
    client = Client()
    response = attempt(client, "zhu-system", next="/start/")
    assert response["Location"].startswith(SECOND)
    assert client.get("/start/")["Location"].startswith(SECOND)
    page = client.get(SECOND).content.decode()
    assert "<svg" in page
    assert 'name="offer"' in page


def test_the_demonstrations_accounts_open_nothing_elsewhere(production: None) -> None:
    Account.objects.filter(login="lin-xiaoman").update(is_demo=True)
    assert attempt(Client(), "lin-xiaoman").status_code == 422
    before = signed_in("lin-xiaoman")
    assert before.get("/start/")["Location"].startswith(SIGN_IN)
    assert attempt(Client(), "wang-shouren").status_code == 303


def test_the_second_factor_is_set_up_once_and_each_code_works_once(production: None) -> None:
    client = Client()
    attempt(client, "zhu-system")
    context = client.get(SECOND).context
    secret = context["secret"].replace(" ", "")
    code = code_for(secret, now())
    done = client.post(SECOND, {"code": code, "offer": context["offer"], "next": "/start/"})
    assert (done.status_code, done["Location"]) == (303, "/start/")
    assert not client.get("/start/")["Location"].startswith(SECOND)

    again = Client()
    attempt(again, "zhu-system")
    refused = again.post(SECOND, {"code": code})
    assert refused.status_code == 422
    assert "已经用过" in refused.content.decode()
    later = code_for(secret, now() + timedelta(seconds=30))
    assert again.post(SECOND, {"code": later}).status_code == 303


def test_somebody_elses_offer_is_not_taken(production: None) -> None:
    client, other = Client(), Client()
    attempt(client, "zhu-system")
    attempt(other, "qin-security")
    offered = other.get(SECOND).context
    code = code_for(offered["secret"].replace(" ", ""), now())
    assert client.post(SECOND, {"code": code, "offer": offered["offer"]}).status_code == 422
    assert Account.objects.get(login="zhu-system").second_factor is None


def test_wrong_codes_lock_the_account_across_new_sign_ins(production: None) -> None:
    secret = signing_in.new_second_factor()
    account = Account.objects.get(login="zhu-system")
    account.second_factor = secret
    account.save(update_fields=["second_factor"])
    good = code_for(secret, now())
    bad = str((int(good) + 1) % 1_000_000).zfill(6)
    for _ in range(5):
        client = Client()
        attempt(client, "zhu-system")
        response = client.post(SECOND, {"code": bad})
    assert response["Location"].startswith(SIGN_IN)
    assert attempt(Client(), "zhu-system").status_code == 422


def test_every_demonstration_account_is_one_click_away() -> None:
    page = Client().get(SIGN_IN).content.decode()
    for login in Account.objects.filter(is_demo=True).values_list("login", flat=True):
        assert f'action="/demo/enter/{login}/"' in page


def test_the_edition_is_kept_and_changes_back() -> None:
    client = Client()
    response = client.get("/edition/?next=/accessibility/%3Fa%3D1")
    assert response["Location"] == "/accessibility/?a=1"
    assert 'data-edition="elder"' in client.get("/accessibility/").content.decode()
    client.get("/edition/?next=/")
    assert 'data-edition="standard"' in client.get("/accessibility/").content.decode()


@pytest.mark.parametrize(
    ("login", "path"),
    [("zhu-system", "/admin/accounts/"), ("chen-window", "/window/"), ("lin-xiaoman", "/")],
)
def test_a_session_starts_at_the_work_of_its_posts(login: str, path: str) -> None:
    assert signed_in(login).get("/start/")["Location"] == path
