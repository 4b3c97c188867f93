"""The register of seals, as administrators see it: state, change by two people, image, history."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.pages.client import signed_in
from tests.sealing import forgetting, proposed_seal, registered, stopped, unsealed

from yiwang.apps.people.models import Organ
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.in_force import forget, sealed_organs
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.documents.models import OrganSeal, SealProposal
from yiwang.foundation.environment import environment
from yiwang.kernel.moment import civil_date
from yiwang.site.keeping.checkup import CARE, GOOD, Finding, organs_without_seal
from yiwang.site.pages.seals import SIZE
from yiwang.site.verifying import verify_all

__all__ = ["forgetting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("forgetting")]

LIST, PNG = "/admin/seals/", b"\x89PNG\r\n\x1a\n"
DAY = timedelta(days=1)


def page_of(organ: Organ) -> str:
    return f"{LIST}organ/{organ.pk}/"


def typed(**more: Any) -> dict[str, Any]:
    return {
        "use": "APPROVAL",
        "name": "椰城市某某局",
        "caption": "行政审批专用章",
        "filing_code": "9901000009901",
        "valid_from": str(civil_date(now()) + 10 * DAY),
        "source": "本市 12 号文",
        "article": "第三条",
        "reason": "启用新章",
        **more,
    }


def test_the_list_shows_each_organ_with_its_state_in_few_statements() -> None:
    today = civil_date(now())
    ended = stopped(registered(unsealed(), valid_from=today - DAY), on=today)
    client = signed_in("zhu-system")
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(LIST)
    assert len(captured) <= 8
    states = {
        row["url"]: row["cells"][2]["tag"]["label"] for row in response.context["table"]["rows"]
    }
    found = {slug: states[page_of(Organ.objects.get(slug=slug))] for slug in SLUGS}
    assert found == SLUGS
    assert states[f"{LIST}organ/{ended.organ_id}/"] == "已停用"


SLUGS = {
    "yecheng-market": "在用",
    "taolin-approval": "将启用",
    "yecheng-government": "未登记印章",
}


def test_the_list_of_organs_without_a_seal_holds_those_that_issue_papers() -> None:
    organ = unsealed()
    shown = urls(signed_in("zhu-system").get(LIST, {"shown": "none"}))
    assert page_of(organ) in shown
    assert page_of(Organ.objects.get(slug="yecheng-market")) not in shown
    assert page_of(Organ.objects.get(slug="yecheng-government")) not in shown
    registered(organ, valid_from=civil_date(now()))
    assert page_of(organ) not in urls(signed_in("zhu-system").get(LIST, {"shown": "none"}))


def urls(response: Any) -> list[str]:
    return [row["url"] for row in response.context["table"]["rows"]]


def test_a_long_list_goes_on_where_the_page_ended() -> None:
    like = Organ.objects.order_by("id")[0]
    Organ.objects.bulk_create(
        Organ(
            slug=f"long-{n}",
            name=f"长列表{n}局",
            short_name=f"长{n}",
            kind=like.kind,
            uscc=f"LONG{n:014d}",
            area_id=like.area_id,
            document_word=f"长{n}",
        )
        for n in range(SIZE + 3)
    )
    client = signed_in("zhu-system")
    first = client.get(LIST, {"q": "长列表"})
    second = client.get(first.context["table"]["pager"]["next_url"])
    assert (len(urls(first)), len(urls(second))) == (SIZE, 3)
    assert set(urls(first)).isdisjoint(urls(second))
    assert second.context["table"]["pager"]["next_url"] == ""


@pytest.mark.parametrize(
    ("query", "title"),
    [({"q": "没有这个机关"}, "没有符合的机关"), ({"shown": "waiting"}, "没有等待确认的变更")],
)
def test_an_empty_list_says_why(query: dict[str, str], title: str) -> None:
    assert title in signed_in("zhu-system").get(LIST, query).content.decode()


def test_only_who_proposes_or_confirms_opens_it() -> None:
    organ, seal = unsealed(), OrganSeal.objects.order_by("id")[0]
    pages = [LIST, page_of(organ), f"{LIST}{seal.pk}/image.png", f"{page_of(organ)}image.png"]
    for path in pages:
        for login in ("zhu-system", "qin-security"):
            assert signed_in(login).get(path).status_code == 200
        for login in ("you-audit", "chen-window", "lin-xiaoman"):
            assert signed_in(login).get(path).status_code == 403
    assert signed_in("qin-security").post(page_of(organ), typed()).status_code == 403
    assert signed_in("zhu-system").get(f"{LIST}organ/999999999/").status_code == 404


def test_a_seal_is_proposed_by_one_and_confirmed_by_another_then_stopped_the_same_way() -> None:
    organ, today = unsealed(), civil_date(now())
    path, one, other = page_of(organ), signed_in("zhu-system"), signed_in("qin-security")
    assert "没有登记过" in one.get(path).content.decode()
    assert one.post(path, typed(valid_from=str(today))).status_code == 303
    row = SealProposal.objects.get(organ_id=organ.pk)
    assert "等待确认" in other.get(path).content.decode()
    settle = f"{LIST}proposal/{row.pk}/"
    assert other.get(f"{settle}image.png").content.startswith(PNG)
    assert one.post(settle, {"act": "confirm"}).status_code == 403
    assert other.post(settle, {"act": "confirm"}).status_code == 303
    assert other.post(settle, {"act": "confirm"}).status_code == 409
    forget()
    seal = OrganSeal.objects.get(organ_id=organ.pk)
    shown = one.get(path).content.decode()
    assert seal.filing_code in shown and "朱克勤提出,秦守正确认" in shown
    stop = {"valid_from": str(today + DAY), "source": "缴销通知", "reason": "机构更名"}
    assert one.post(f"{LIST}{seal.pk}/stop/", stop).status_code == 303
    ending = SealProposal.objects.get(seal=seal)
    assert other.post(f"{LIST}proposal/{ending.pk}/", {"act": "confirm"}).status_code == 303
    assert "停用由朱克勤提出,秦守正确认" in one.get(path).content.decode()
    assert verify_all(environment().roots).is_clean


def test_the_page_says_that_the_picture_is_no_electronic_seal() -> None:
    shown = signed_in("zhu-system").get(page_of(unsealed())).content.decode()
    assert "不是电子印章" in shown
    assert "未登记印章" in shown and "文书照样出具" in shown


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("use", "ROUND"),
        ("name", ""),
        ("name", "A" * 10),
        ("caption", "长" * 11),
        ("filing_code", "9901000000502"),
        ("filing_code", "12"),
        ("filing_code", "99-01"),
        ("valid_from", "2020-01-01"),
        ("valid_from", "明天"),
        ("source", ""),
        ("reason", "换"),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_is_lost(field: str, text: str) -> None:
    given = typed(**{field: text})
    response = signed_in("zhu-system").post(page_of(unsealed()), given)
    assert response.status_code == 422
    shown = {f["name"]: f for f in response.context["fields"]}
    assert [name for name, f in shown.items() if f["error"]] == [field]
    kept = {name: f["value"] for name, f in shown.items() if "value" in f}
    assert kept == {name: value for name, value in given.items() if name != "use"}
    assert not SealProposal.objects.filter(settled_at__isnull=True).exists()


def test_the_middle_of_a_seal_follows_from_its_use() -> None:
    organ, client = unsealed(), signed_in("zhu-system")
    assert client.post(page_of(organ), typed(use="ACCEPTANCE", caption="")).status_code == 303
    assert SealProposal.objects.get(organ_id=organ.pk).caption == "受理专用章"
    assert client.post(page_of(organ), typed(use="OFFICIAL")).status_code == 422
    official = typed(use="OFFICIAL", caption="", filing_code="")
    assert client.post(page_of(organ), official).status_code == 303
    assert SealProposal.objects.get(organ_id=organ.pk, use="OFFICIAL").caption == ""


def test_a_second_seal_for_the_same_time_is_told_what_to_do_first() -> None:
    organ = unsealed()
    registered(organ, valid_from=civil_date(now()))
    response = signed_in("zhu-system").post(page_of(organ), typed())
    assert response.status_code == 409
    assert "请先停用原来的" in response.content.decode()


def test_a_proposal_sent_back_keeps_the_seal_and_takes_a_reason() -> None:
    organ = unsealed()
    row = proposed_seal(organ, valid_from=civil_date(now()), at=now())
    other, path = signed_in("qin-security"), f"{LIST}proposal/{row.pk}/"
    short = other.post(path, {"act": "drop", "why": "否"})
    assert short.status_code == 422 and 'value="drop"' in short.content.decode()
    assert other.post(path, {"act": "drop", "why": "没有印模文件"}).status_code == 303
    assert not OrganSeal.objects.filter(organ_id=organ.pk).exists()
    told = signed_in("zhu-system").get(page_of(organ)).content.decode()
    assert "退回的变更" in told and "没有印模文件" in told and "秦守正" in told


def test_a_closed_organ_gets_no_new_seal() -> None:
    organ = unsealed()
    Organ.objects.filter(pk=organ.pk).update(valid_until=civil_date(now()))
    response = signed_in("zhu-system").post(page_of(organ), typed())
    assert response.status_code == 409 and "已经撤销" in response.content.decode()


def test_the_check_before_a_start_counts_the_organs_without_a_seal() -> None:
    today = civil_date(now())
    issuing = Organ.objects.filter(serviceitem__isnull=False, valid_until__isnull=True).distinct()
    missing = [organ for organ in issuing if organ.pk not in sealed_organs(today)]
    registered(missing[0], valid_from=today + DAY, use=SealUse.OFFICIAL)
    assert told().mark == CARE and told().text.startswith(f"{len(missing)} 个")
    for organ in missing[1:]:
        registered(organ, valid_from=today, use=SealUse.OFFICIAL)
    assert told().text.startswith("1 个") and missing[0].name in told().text
    registered(missing[0], valid_from=today, use=SealUse.ENFORCEMENT)
    assert told().mark == GOOD


def told() -> Finding:
    """What the check says about seals, asked as it asks: by SQL alone."""
    connection.ensure_connection()
    (found,) = organs_without_seal(connection.connection)
    return found


def test_a_stop_without_a_reason_or_twice_is_refused() -> None:
    seal = registered(unsealed(), valid_from=civil_date(now()))
    client, path = signed_in("zhu-system"), f"{LIST}{seal.pk}/stop/"
    response = client.post(path, {"valid_from": "明天", "source": "缴销通知", "reason": ""})
    assert response.status_code == 422 and "缴销通知" in response.content.decode()
    assert signed_in("qin-security").get(path).status_code == 403
    stopped(seal, on=civil_date(now()) + DAY)
    good = {"valid_from": str(civil_date(now())), "source": "缴销通知", "reason": "机构更名"}
    assert client.post(path, good).status_code == 409


def test_what_is_typed_can_be_seen_as_an_imprint_and_nothing_is_kept() -> None:
    client, path = signed_in("zhu-system"), page_of(unsealed())
    bare = {"act": "preview", "use": SealUse.OFFICIAL.value, "name": "椰城市某某局"}
    assert client.post(path, bare).content.startswith(PNG)
    assert client.post(path, bare | {"name": ""}).status_code == 422
    assert signed_in("qin-security").post(path, bare).status_code == 403
    assert not SealProposal.objects.filter(settled_at__isnull=True).exists()
