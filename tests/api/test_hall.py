"""The hall by API: booking to the help record, and what each role is shown."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.calling import Caller
from tests.authorising import party

from yiwang.apps.hall.models import Appointment, HelpZone
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import BEIJING, civil_date

pytestmark = pytest.mark.django_db


def zone() -> HelpZone:
    return HelpZone.objects.get(name__startswith="企业帮办专区")


def slots(of: HelpZone) -> list[str]:
    found = Caller().get(f"/help-zones/{of.pk}/slots").json()["slots"]
    return [slot["starts_at"].replace("Z", "+00:00") for slot in found if slot["free"]]


def wish(who: str, starts_at: str, **more: Any) -> dict[str, Any]:
    return {
        "zone_id": zone().pk, "party_id": party(who).pk, "starts_at": starts_at,
        "wanted": "请帮忙填表。", **more,
    }  # fmt: skip


def book(who: str, **more: Any) -> dict[str, Any]:
    answer = Caller(who).post("/appointments", wish(who, slots(zone())[0], **more))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def today(key: int) -> None:
    at = now().astimezone(BEIJING)
    Appointment.objects.filter(pk=key).update(on=civil_date(at), starts_at=at)


@pytest.mark.row("R057")
def test_somebody_books_moves_and_cancels() -> None:
    mine, free = Caller("he-guifang"), slots(zone())
    made = book("he-guifang", item="elder-card")
    assert (made["state"], made["item_code"]) == ("BOOKED", "elder-card")
    again = mine.post("/appointments", wish("he-guifang", free[-1]))
    assert again.status_code == 409 and "已经有一个预约" in again.json()["detail"]
    path = f"/appointments/{made['id']}"
    moved = mine.post(f"{path}/move", {"starts_at": free[-1]})
    assert moved.status_code == 200 and moved.json()["starts_at"] != made["starts_at"]
    listed = mine.get("/my/appointments").json()["appointments"]
    assert [row["id"] for row in listed] == [made["id"]]
    assert Caller("wang-shouren").get(path).status_code == 404
    assert Caller("wang-shouren").post(f"{path}/cancel").status_code == 404
    assert mine.post(f"{path}/cancel").json()["state"] == "CANCELLED"
    assert mine.post(f"{path}/cancel").status_code == 409
    nobody = mine.post("/appointments", wish("wang-shouren", free[0]))
    assert nobody.status_code == 403


@pytest.mark.row("R161")
def test_the_staff_check_in_call_in_turn_end_and_the_audit_lists_it() -> None:
    plain, elder = book("wang-shouren"), book("he-guifang", channel="ELDER", ground="72 岁")
    clerk, of = Caller("chen-window"), zone()
    for one in (plain, elder):
        today(one["id"])
    path = "/appointments/{}/{}"
    assert clerk.post(path.format(plain["id"], "check-in"), {}).status_code == 200
    bare = clerk.post(path.format(elder["id"], "check-in"), {"channel": "ELDER"})
    assert bare.status_code == 422 and "reason" in bare.json()["fields"]
    shown = {"channel": "ELDER", "ground": "72 岁", "evidence": "身份证"}
    clerk.post(path.format(elder["id"], "check-in"), shown)
    day = clerk.get(f"/help-zones/{of.pk}/day").json()
    assert [row["id"] for row in day["waiting"]] == [elder["id"], plain["id"]]
    assert clerk.post(f"/help-zones/{of.pk}/call-next").json()["id"] == elder["id"]
    clerk.post(path.format(elder["id"], "start"))
    told = {"kind": "WINDOW", "what": "代填申请表", "result": "已交件"}
    done = clerk.post(path.format(elder["id"], "end"), told)
    assert done.status_code == 200 and done.json()["state"] == "DONE"
    period = {"first": str(civil_date(now())), "last": str(civil_date(now()))}
    (use,) = Caller("tang-supervise").get("/green-uses", **period).json()["uses"]
    assert (use["evidence"], use["is_out_of_turn"]) == ("身份证", False)
    assert use["appointment"]["party"] != "何桂芳"
    assert clerk.get("/green-uses", **period).status_code == 403
    assert Caller("he-window").get(f"/help-zones/{of.pk}/day").status_code == 404
    assert Caller("he-guifang").post(path.format(plain["id"], "call"), {}).status_code == 404
