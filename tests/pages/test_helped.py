"""帮办代办 and 绿色通道 at the window: with a reason, on top of the list, told to the applicant."""

from __future__ import annotations

import pytest
from tests.acting import actor, draft, received
from tests.authorising import party
from tests.pages.client import signed_in

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.queries import cases_to_accept
from yiwang.apps.people.models import Disclosure
from yiwang.foundation.clockwork import now
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
ELDER = "elder-card"


def test_help_and_priority_need_their_reasons_and_nothing_typed_is_lost() -> None:
    at = now()
    clerk = actor("he-window", at)
    row = draft(ELDER, by=clerk, at=at, applicant=party("he-guifang"), channel="WINDOW")
    client, url = signed_in("he-window"), f"/window/drafts/{row.pk}/"
    page = client.get(url).content.decode()
    assert "帮办代办、绿色通道" in page
    posted = {
        **{k: str(v).lower() if isinstance(v, bool) else str(v) for k, v in row.form.items()},
        "special": "1",
        "is_helped": "yes",
        "helped": "",
        "green_channel": "ELDER",
        "green_reason": "",
        "do": "submit",
    }
    answer = client.post(url, posted)
    page = answer.content.decode()
    assert answer.status_code == 422 and "怎样核实身份,例如" in page and "优先的理由,例如" in page
    assert 'value="ELDER" selected' in page
    said = {"helped": "本人到场,核对身份证原件", "green_reason": "72 岁,出示身份证"}
    assert client.post(url, {**posted, **said}).status_code == 303
    case = Case.objects.get(filing_key=row.pk)
    assert (case.is_helped, case.green_channel, case.lane) == (True, "ELDER", 0)
    facts = RecordEntry.objects.get(subject=case.subject, operation="cases.submit").facts
    assert facts["is_helped"] is True and facts["green_channel"] == "ELDER"
    seen = Disclosure.objects.get(subject=case.subject, party=party("he-guifang"))
    assert seen.reason == said["helped"] and "帮办代办" in seen.what
    told = signed_in("he-guifang").get("/my/disclosures/").content.decode()
    assert "帮办代办" in told and said["helped"] in told


def test_the_green_channel_stands_on_top_and_pages_go_on() -> None:
    at = now()
    citizen, clerk = actor("he-guifang", at), actor("he-window", at)
    cases = [received(ELDER, by=citizen, at=at) for _ in range(4)]
    Case.objects.filter(pk=cases[3].pk).update(lane=0, green_channel="URGENT", green_reason="住院")
    found, after = [], None
    while True:
        page = cases_to_accept(actor=clerk, after=after, size=2)
        found += [case.pk for case in page.cases]
        after = page.next_cursor
        if after is None:
            break
    assert found == [cases[3].pk, *(case.pk for case in cases[:3])]
    listed = signed_in("he-window").get("/work/accept/").content.decode()
    assert "绿色通道:紧急事由" in listed and "住院" in listed
