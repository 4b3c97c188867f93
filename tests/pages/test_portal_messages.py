"""Messages: shown to those they were sent to, unread until opened, counted in the navigation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.pages.client import signed_in

from yiwang.apps.people.models import Account, Party
from yiwang.foundation.clockwork import now
from yiwang.foundation.messaging.models import Message

pytestmark = pytest.mark.django_db
LIST = "/my/messages/"


def party_of(login: str) -> Party:
    party = Account.objects.get(login=login).party
    assert party is not None
    return party


def told(number: int = 1, *, to: Party | None = None, **more: object) -> list[Message]:
    """Messages sent in the site; the newest last."""
    at = now()
    return [
        Message.objects.create(
            **{
                "kind": "test",
                "subject": "case:1",
                "occasion": f"{Message.objects.count()}-{n}",
                "recipient_id": (to or party_of("lin-xiaoman")).pk,
                "channel": "IN_SITE",
                "status": "SENT",
                "title": f"第 {n} 条消息",
                "body": "办件有了进展。",
                "link": "/my/",
                "created_at": at,
                "sent_at": at,
                **more,
            }
        )
        for n in range(number)
    ]


def unread(client: Client) -> str:
    """The badge of the entry 消息, "" where there is none."""
    nav = {entry.label: entry.count for entry in client.get("/my/").context["shell"].nav}
    return nav["消息"] or ""


def test_opening_a_message_marks_it_as_read_and_leads_where_it_leads() -> None:
    first, second = told(2)
    client = signed_in("lin-xiaoman")
    assert unread(client) == "2 未读"
    answer = client.post(f"{LIST}{first.pk}/")
    assert (answer.status_code, answer["Location"]) == (303, "/my/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.read_at is not None
    assert second.read_at is None
    assert unread(client) == "1 未读"


def test_a_message_that_was_read_keeps_its_time() -> None:
    (message,) = told(read_at=now() - timedelta(days=1))
    signed_in("lin-xiaoman").post(f"{LIST}{message.pk}/")
    before = message.read_at
    message.refresh_from_db()
    assert message.read_at == before


def test_looking_at_the_list_marks_nothing() -> None:
    told()
    client = signed_in("lin-xiaoman")
    page = client.get(LIST).content.decode()
    assert "未读" in page
    assert "第 0 条消息" in page
    assert unread(client) == "1 未读"
    assert client.get(f"{LIST}{Message.objects.latest('id').pk}/").status_code == 405


def test_all_can_be_marked_but_not_what_came_after_the_page() -> None:
    told(2)
    client = signed_in("lin-xiaoman")
    newest = client.get(LIST).context["told"][0]
    later = told(title="后来的")[0]
    assert client.post(f"{LIST}read/", {"up_to": newest.pk}).status_code == 303
    later.refresh_from_db()
    assert later.read_at is None
    assert unread(client) == "1 未读"
    client.post(f"{LIST}read/", {"up_to": "x"})
    assert unread(client) == "1 未读"
    client.post(f"{LIST}read/", {"up_to": later.pk})
    assert unread(client) == ""
    assert "全部标为已读" not in client.get(LIST).content.decode()


def test_other_peoples_messages_are_neither_shown_nor_marked() -> None:
    (message,) = told(to=party_of("wang-shouren"))
    client = signed_in("lin-xiaoman")
    assert message.title not in client.get(LIST).content.decode()
    assert client.post(f"{LIST}{message.pk}/").status_code == 404
    client.post(f"{LIST}read/", {"up_to": message.pk})
    message.refresh_from_db()
    assert message.read_at is None


def test_those_to_an_organisation_are_its_representatives() -> None:
    told(to=Party.objects.get(label="椰城小满餐饮有限公司"))
    assert unread(signed_in("lin-xiaoman")) == "1 未读"


@pytest.mark.parametrize("other", [{"channel": "SMS"}, {"status": "WITHDRAWN"}])
def test_what_was_not_sent_in_the_site_is_not_there(other: dict[str, str]) -> None:
    told(**other)
    client = signed_in("lin-xiaoman")
    assert unread(client) == ""
    assert "还没有消息" in client.get(LIST).content.decode()


def test_a_long_list_is_turned_over_by_key() -> None:
    told(25)
    client = signed_in("lin-xiaoman")
    first = client.get(LIST)
    assert len(first.context["told"]) == 20
    second = client.get(first.context["pager"]["next_url"])
    assert len(second.context["told"]) == 5
    assert second.context["pager"]["next_url"] == ""
    assert second.context["pager"]["previous_url"] == LIST
    assert client.get(f"{LIST}?before=x").status_code == 200


def test_very_many_are_counted_as_that_many_and_more() -> None:
    told(101)
    assert unread(signed_in("lin-xiaoman")) == "99+ 未读"
