"""Events to departments' systems: signed, in order, retried, refused inwards, pulled as well."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.acting import accepted, actor, received
from tests.pages.client import signed_in
from tests.partners.helping import ALL, Receiver, System, client_of, receiver

from yiwang.apps.cases import events
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import ending
from yiwang.apps.partners import handlers, reaching
from yiwang.apps.partners.domain.signing import next_attempt
from yiwang.apps.partners.models import CaseNews, Push, Webhook
from yiwang.apps.partners.reaching import UnreachableError, is_allowed, target_of
from yiwang.apps.partners.sending import push_one, push_pending
from yiwang.foundation.clockwork import now
from yiwang.foundation.environment import environment
from yiwang.foundation.outbox.models import OutboxEvent
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"
EVERY = [news.value for news in handlers.News]


def accepted_case(at: datetime) -> Case:
    by, window = actor("lin-xiaoman", at), actor("chen-window", at)
    return accepted(FOOD, by=by, clerk=window, at=at, hall="taolin-hall")


def another_organs_case(at: datetime) -> Case:
    by, window = actor("lin-xiaoman", at), actor("he-window", at)
    return accepted("real-estate-transfer", by=by, clerk=window, at=at)


def system_of(at: datetime, organ: str = "taolin-market", **more: Any) -> System:
    return System(*client_of(at, organ=organ, **more))


def subscribed(system: System, url: str, names: list[str] | None = None) -> dict[str, Any]:
    answer = system.post("/webhooks", {"url": url, "events": names or EVERY})
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def told(found: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in found.seen]


def test_a_case_is_told_signed_and_without_personal_data() -> None:
    at = now()
    with receiver() as found:
        system = system_of(at)
        hook = subscribed(system, found.url)
        case = accepted_case(at)
        drain(at=at)
        assert push_pending(at=now()) == 2
        bodies = told(found)
        assert [b["name"] for b in bodies] == ["received", "accepted"]
        last = bodies[1]
        case.refresh_from_db()
        seq = RecordEntry.objects.get(subject=case.subject, operation="cases.accept").seq
        assert (last["case_id"], last["version"], last["organ"]) == (case.pk, seq, "taolin-market")
        assert last.keys() == {
            "id", "number", "name", "at", "case_id", "short_number", "version", "organ", "item",
        }  # fmt: skip
        assert "林小满" not in str(bodies) and case.applicant_label not in str(bodies)
        for headers, body in found.seen:
            parts = dict(part.split("=", 1) for part in headers["Yiwang-Signature"].split(","))
            signed = f"{parts['t']}.".encode() + body
            mac = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
            assert hmac.compare_digest(mac, parts["v1"])
            assert headers["Yiwang-Event-Id"] == json.loads(body)["id"]
        assert hook["secret"] not in str(system.get("/webhooks").json())


def test_only_what_was_asked_for_and_only_of_its_own_organ() -> None:
    at = now()
    with receiver() as found:
        subscribed(system_of(at), found.url, ["accepted"])
        another_organs_case(at)
        mine = accepted_case(at)
        drain(at=at)
        push_pending(at=now())
        assert [(b["name"], b["case_id"]) for b in told(found)] == [("accepted", mine.pk)]


def test_an_event_handled_twice_is_told_once() -> None:
    at = now()
    system_of(at)
    case = received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    OutboxEvent.objects.exclude(subject=case.subject).delete()
    for _ in range(2):
        handlers.on_case_event(events.CaseReceived(case_id=case.pk), at)
    assert CaseNews.objects.filter(case_id=case.pk).count() == 1


def test_an_organ_without_a_client_costs_nothing() -> None:
    at = now()
    accepted_case(at)
    drain(at=at)
    assert not CaseNews.objects.exists()


def test_what_fails_is_tried_again_and_later_events_of_the_case_wait() -> None:
    at = now()
    with receiver() as found:
        subscribed(system_of(at), found.url)
        first, second = accepted_case(at), accepted_case(at)
        drain(at=at)
        found.status = 503
        later = now()
        assert push_one(at=later)
        assert not push_one(at=later), "a receiver that just failed is left alone for a minute"
        found.status = 200
        push_pending(at=later + timedelta(minutes=3))
        done = [(b["case_id"], b["name"]) for b in told(found)[1:]]
        for case in (first, second):
            assert [name for pk, name in done if pk == case.pk] == ["received", "accepted"]
        assert not Push.objects.exclude(state="DELIVERED").exists()


def test_order_holds_whatever_fails_when() -> None:
    """The receiver fails every other time; still each case's events arrive in their order."""
    at = now()
    with receiver() as found:
        subscribed(system_of(at), found.url)
        cases = [accepted_case(at) for _ in range(3)]
        for case in cases:
            ending.withdraw(case_id=case.pk, reason="不办了", actor=actor("lin-xiaoman", at), at=at)
        drain(at=at)
        moment, good, turn = now(), [], 0
        while Push.objects.filter(state="PENDING").exists():
            turn += 1
            found.status = 500 if turn % 2 else 200
            moment += timedelta(minutes=2)
            before = len(found.seen)
            push_one(at=moment)
            if found.status == 200:
                good += told(found)[before:]
        for case in cases:
            names = [b["name"] for b in good if b["case_id"] == case.pk]
            assert names == ["received", "accepted", "ended"]


def test_after_three_days_it_is_given_up_shown_and_can_be_tried_again() -> None:
    at = now()
    with receiver() as found:
        system = system_of(at)
        subscribed(system, found.url, ["received"])
        received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
        drain(at=at)
        found.status, moment, tries = 500, now(), 0
        while Push.objects.filter(state="PENDING").exists():
            moment += timedelta(hours=1)
            tries += push_pending(at=moment)
        assert moment - at >= timedelta(days=3) and tries > 8
        push = Push.objects.get()
        page = signed_in("zhu-system").get("/admin/jobs/").content.decode()
        assert "没有推送到部门系统的事件" in page and "对方答复 500" in page
        own = signed_in("luo-liaison").get(f"/work/clients/{system.client.pk}/").content.decode()
        assert "多次未达" in own and "对方答复 500" in own
        assert signed_in("zhu-system").post(f"/admin/jobs/push/{push.pk}/").status_code == 303
        found.status = 200
        assert push_pending(at=now() + timedelta(minutes=5)) == 1
        push.refresh_from_db()
        assert push.state == "DELIVERED"


def test_the_waits_grow_to_twelve_hours_for_three_days() -> None:
    since = now()
    waits, at, attempts = [], since, 1
    while (following := next_attempt(attempts=attempts, since=since, at=at)) is not None:
        waits.append(following - at)
        at, attempts = following, attempts + 1
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert max(waits) == timedelta(hours=12) and at == since + timedelta(days=3)


def test_events_are_pulled_in_order_with_the_same_bodies() -> None:
    at = now()
    with receiver() as found:
        system = system_of(at)
        subscribed(system, found.url)
        accepted_case(at), accepted_case(at)
        drain(at=at)
        push_pending(at=now())
        seen, after, more = [], 0, True
        while more:
            page = system.get(f"/events?after={after}&size=3").json()
            seen += page["events"]
            after, more = page["last"], page["is_more"]
        assert [e["number"] for e in seen] == list(range(1, 5))
        key = lambda body: body["number"]  # noqa: E731
        assert sorted(told(found), key=key) == seen
        assert system.get(f"/events?after={after}").json()["events"] == []


def test_events_are_sent_again_by_replay_and_not_after_unsubscribing() -> None:
    at = now()
    with receiver() as found:
        system = system_of(at)
        accepted_case(at)
        drain(at=at)
        hook = subscribed(system, found.url)
        assert push_pending(at=now()) == 0
        assert system.post(f"/webhooks/{hook['id']}/replay", {"after": 0}).json() == {"replayed": 2}
        push_pending(at=now())
        assert found.names() == ["received", "accepted"]
        ids = [b["id"] for b in told(found)]
        system.post(f"/webhooks/{hook['id']}/replay", {"after": 1})
        push_pending(at=now())
        assert [b["id"] for b in told(found)] == [*ids, ids[1]]
        other = system_of(at)
        assert other.post(f"/webhooks/{hook['id']}/replay", {"after": 0}).status_code == 404
        assert other.call("DELETE", f"/webhooks/{hook['id']}").status_code == 404
        system.post(f"/webhooks/{hook['id']}/replay", {"after": 0})
        assert system.call("DELETE", f"/webhooks/{hook['id']}").status_code == 200
        assert push_pending(at=now()) == 0 and system.get("/webhooks").json() == []


def test_a_person_has_no_subscriptions() -> None:
    assert signed_in("sun-approve").get("/api/v1/events").status_code == 403
    assert signed_in("sun-approve").get("/api/v1/webhooks").status_code == 403


def test_a_redirect_is_not_followed() -> None:
    at = now()
    with receiver() as found, receiver() as inner:
        subscribed(system_of(at), found.url)
        received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
        drain(at=at)
        found.status, found.location = 302, inner.url
        push_pending(at=now())
        assert len(found.seen) == 1 and inner.seen == []
        assert Push.objects.get().state == "PENDING"


def test_a_receiver_that_never_answers_costs_its_time_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bytes that come one by one would keep a socket's own time-out from ever ending."""
    monkeypatch.setattr(reaching, "SECONDS", 0.5)
    server = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def drip() -> None:
        line, _ = server.accept()
        with line:
            while not stop.wait(0.1):
                try:
                    line.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    begun = now()
    with pytest.raises(UnreachableError):
        reaching.post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {})
    stop.set()
    thread.join(5)
    server.close()
    assert now() - begun < timedelta(seconds=3)


INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::",
    "2002:a00:1::", "2001:db8::1", "198.51.100.1", "240.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_nothing_inside_is_reached_outside_the_demonstration(text: str) -> None:
    assert not is_allowed(ipaddress.ip_address(text), is_demo=False)


@pytest.mark.parametrize("text", ["10.1.2.3", "192.168.1.1", "169.254.169.254", "fc00::1"])
def test_the_demonstration_opens_loopback_only(text: str) -> None:
    assert not is_allowed(ipaddress.ip_address(text), is_demo=True)
    assert is_allowed(ipaddress.ip_address("127.0.0.1"), is_demo=True)


def test_a_named_inner_network_is_reached_but_never_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("YIWANG_HOOK_NETWORKS", "10.20.0.0/16, 127.0.0.0/8")
    assert is_allowed(ipaddress.ip_address("10.20.3.4"), is_demo=False)
    assert not is_allowed(ipaddress.ip_address("10.21.3.4"), is_demo=False)
    assert not is_allowed(ipaddress.ip_address("127.0.0.1"), is_demo=False)
    assert is_allowed(ipaddress.ip_address("1.1.1.1"), is_demo=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "https://user:pw@example.org/",
        "https://example.org/#x", "https:///x", "https://exa mple.org/", "https://例子.cn/",
        "https://example.org:99999/", "https://example.org\\@127.0.0.1/", "http://10.0.0.1/",
    ],
)  # fmt: skip
def test_addresses_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(ValueError):
        target_of(url)


def test_an_inner_address_is_refused_when_it_is_written_and_when_it_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = now()
    system = system_of(at, scopes=ALL)
    body = {"url": "https://169.254.169.254/latest", "events": ["accepted"]}
    answer = system.post("/webhooks", body)
    assert answer.status_code == 422 and "内部网络" in answer.json()["fields"]["url"]
    # A name whose address is inside only now: it is asked at each delivery. Loopback stands for
    # it, outside the demonstration.
    Webhook.objects.create(
        client=system.client,
        url="https://localhost:1/in",
        events=["received"],
        secret="whsec_x",
        created_at=at,
    )
    received(FOOD, by=actor("lin-xiaoman", at), at=at, hall="taolin-hall")
    drain(at=at)
    real = environment()

    class Outside:
        is_demo = False

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

    monkeypatch.setattr(reaching, "environment", Outside)
    assert push_one(at=now())
    assert Push.objects.get().error == "推送地址指向内部网络,已拒绝。"


def test_an_expired_client_is_told_nothing() -> None:
    at = now()
    with receiver() as found:
        system = system_of(at)
        subscribed(system, found.url)
        accepted_case(at)
        drain(at=at)
        type(system.client).objects.update(valid_until=at.date() - timedelta(days=1))
        assert push_pending(at=now()) == 0 and found.seen == []
