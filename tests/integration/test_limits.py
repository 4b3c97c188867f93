"""How often is too often: counted in the database, said in Chinese, with a time to wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from tests.acting import actor, received
from tests.pages.client import signed_in

from yiwang.apps.cases.guessing import count_wrong, is_blocked
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import DeploymentError
from yiwang.foundation.limits.counting import Batches, is_spent, spend
from yiwang.foundation.limits.models import LimitCounter
from yiwang.foundation.limits.rules import DEFAULTS, Limit, limit_of
from yiwang.site import limiting
from yiwang.site.limiting import Proxied, network_of

pytestmark = pytest.mark.django_db
THREE = Limit(3, 60)


def age(seconds: int) -> None:
    """Let every counter have begun earlier."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE limits_limitcounter SET began_at = began_at - %s * interval '1 second'",
            [float(seconds)],
        )


def test_what_is_past_the_limit_waits_for_the_windows_end() -> None:
    assert [spend("search", THREE, "a") for _ in range(3)] == [0, 0, 0]
    assert 50 <= spend("search", THREE, "a") <= 60
    assert spend("search", THREE, "b") == 0
    age(30)
    assert 20 <= spend("search", THREE, "a") <= 30
    age(31)
    assert spend("search", THREE, "a") == 0
    assert LimitCounter.objects.count() == 2


def test_asking_counts_nothing() -> None:
    assert not is_spent("code", THREE, "a")
    spend("code", THREE, "a", times=3)
    assert is_spent("code", THREE, "a") and is_spent("code", THREE, "a")
    age(61)
    assert not is_spent("code", THREE, "a")


def test_a_counter_is_one_statement_and_names_nobody() -> None:
    with CaptureQueriesContext(connection) as captured:
        spend("sign-in", THREE, "203.0.113.9")
    assert len(captured) == 1
    assert "203" not in LimitCounter.objects.get().key.split(":")[1][:3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'limits_limitcounter'")
        assert cursor.fetchone()[0] == "u"


def test_frequent_things_cost_a_statement_for_every_tenth() -> None:
    batches, limit = Batches(), Limit(100, 60)
    with CaptureQueriesContext(connection) as captured:
        assert [batches.spend("acts", limit, "x") for _ in range(100)] == [0] * 100
    assert len(captured) == 10
    assert [bool(batches.spend("acts", limit, "x")) for _ in range(10)] == [False] * 9 + [True]
    with CaptureQueriesContext(connection) as captured:
        assert batches.spend("acts", limit, "x") > 0  # remembered here
    assert len(captured) == 0
    other = Batches()  # another process: its first batch meets the same counter
    assert any(other.spend("acts", limit, "x") for _ in range(10))


def test_settings_are_read_and_wrong_ones_named() -> None:
    assert limit_of("sign-in", {}) == DEFAULTS["sign-in"]
    assert limit_of("sign-in", {"YIWANG_LIMIT_SIGN_IN": "5/10"}) == Limit(5, 10)
    assert limit_of("sign-in", {"YIWANG_LIMIT_SIGN_IN": "0"}) is None
    assert limit_of("acts", {"YIWANG_LIMITS": "off"}) is None
    assert limit_of("code", {"YIWANG_LIMITS": "off"}) == DEFAULTS["code"]
    for wrong in ("many", "5", "0/10", "5/0", "-1/5"):
        with pytest.raises(DeploymentError, match="YIWANG_LIMIT_SEARCH"):
            limit_of("search", {"YIWANG_LIMIT_SEARCH": wrong})


def test_the_page_says_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_LIMIT_SIGN_IN", "2/300")
    client = Client()
    form = {"login": "nobody", "password": "x"}
    assert [client.post("/sign-in/", form).status_code for _ in range(3)] == [422, 422, 429]
    answer = client.post("/sign-in/", form)
    assert 1 <= int(answer["Retry-After"]) <= 300
    assert "操作太频繁" in answer.content.decode() and "分钟后再试" in answer.content.decode()
    assert client.get("/sign-in/").status_code == 200  # looking is free


def test_the_api_answers_with_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_LIMIT_SEARCH", "1/60")
    client = Client()
    assert client.get("/api/v1/items/search?q=许可").status_code == 200
    answer = client.get("/api/v1/items/search?q=许可")
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:yiwang:problem:too-many-requests"
    assert int(answer["Retry-After"]) > 0


@pytest.fixture
def few_acts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YIWANG_LIMIT_ACTS", "3/60")
    monkeypatch.setattr(limiting, "acts", Batches())
    yield


def test_an_account_has_a_ceiling_on_acts_and_none_on_reading(few_acts: None) -> None:
    citizen = signed_in("lin-xiaoman")
    found = [citizen.post("/my/messages/read/").status_code for _ in range(4)]
    assert found[:3] != [429] * 3 and found[3] == 429
    assert citizen.get("/my/").status_code == 200
    assert signed_in("wang-shouren").post("/my/messages/read/").status_code != 429


def test_lists_and_ordinary_reads_spend_nothing() -> None:
    citizen = signed_in("lin-xiaoman")
    for path in ("/", "/items/", "/my/", "/sign-in/", "/check/", "/progress/"):
        citizen.get(path)
    assert LimitCounter.objects.count() == 0


def test_wrong_query_codes_are_counted_for_everybody_at_once() -> None:
    at = now()
    number = received("food-business-licence", by=actor("lin-xiaoman", at), at=at).short_number
    for _ in range(DEFAULTS["code"].most):
        assert not is_blocked(number)
        count_wrong(number)
    assert is_blocked(number) and is_blocked(f" {number} ")
    answer = Client().post("/progress/", {"number": number, "code": "000000"})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # what the client wrote itself
        ("127.0.0.1", "203.0.113.9, 127.0.0.1", "203.0.113.9"),  # two proxies of ours
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),  # nobody we trust
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_tells_the_address(remote: str, forwarded: str, expected: str) -> None:
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)
    Proxied(lambda request: None)(request)  # type: ignore[arg-type,return-value]
    assert request.META["REMOTE_ADDR"] == expected
    assert request.is_secure() is (remote == "127.0.0.1")


def test_a_network_of_version_6_counts_as_one() -> None:
    def of(address: str) -> str:
        return network_of(RequestFactory().get("/", REMOTE_ADDR=address))

    assert of("2001:db8:1:2::5") == of("2001:db8:1:2:aaaa::1") != of("2001:db8:1:3::5")
    assert of("::ffff:203.0.113.9") == of("203.0.113.9")
