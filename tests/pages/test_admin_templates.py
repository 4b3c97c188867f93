"""Texts of documents, as administrators see them: side by side, with a sample, by two people."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.pages.client import signed_in
from tests.sealing import forgetting, proposed_text, reworded, unsealed

from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.in_force import forget
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.models import TemplateProposal
from yiwang.foundation.documents.texts import FORBIDDEN, SLOTS, slots_of
from yiwang.foundation.environment import environment
from yiwang.kernel.moment import civil_date
from yiwang.site.verifying import verify_all

__all__ = ["forgetting"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("forgetting")]

LIST = "/admin/templates/"
GRANT, OPENING = f"{LIST}GRANT_DECISION/", f"{LIST}GRANT_DECISION/OPENING/"
TEXT = "您的「{事项名称}」申请符合条件,{决定}。"
DAY = timedelta(days=1)


def typed(**more: Any) -> dict[str, Any]:
    return {
        "how": "text",
        "text": TEXT,
        "valid_from": str(civil_date(now()) + 10 * DAY),
        "source": "本市 12 号文",
        "article": "第三条",
        "reason": "写得明白些",
        **more,
    }


def printed(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_list_shows_every_kind_with_words_to_choose_in_few_statements() -> None:
    client = signed_in("zhu-system")
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(LIST)
    assert len(captured) <= 8
    text = response.content.decode()
    assert [k.label for k in DocumentKind if slots_of(k) and k.label not in text] == []
    assert SLOTS["GRANT_DECISION.OPENING"].default in text
    assert "平台默认文字" in text


@pytest.mark.parametrize("path", [LIST, GRANT, OPENING, f"{GRANT}sample.pdf"])
def test_only_who_proposes_or_confirms_opens_it(path: str) -> None:
    for login in ("zhu-system", "qin-security"):
        assert signed_in(login).get(path).status_code == 200
    for login in ("you-audit", "chen-window", "lin-xiaoman"):
        assert signed_in(login).get(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["GUIDE/", "CERTIFICATE/", "NOTHING/", "GRANT_DECISION/TITLE/", "GRANT_DECISION/X/"]
)
def test_what_the_law_fixes_has_no_page(path: str) -> None:
    assert signed_in("zhu-system").get(f"{LIST}{path}").status_code == 404


def test_a_text_proposed_by_one_is_seen_beside_the_present_one_and_confirmed_by_another() -> None:
    one, other = signed_in("zhu-system"), signed_in("qin-security")
    assert "没有调整过" in one.get(OPENING).content.decode()
    assert one.post(OPENING, typed()).status_code == 303
    row = TemplateProposal.objects.get()
    beside = other.get(OPENING).content.decode()
    assert SLOTS["GRANT_DECISION.OPENING"].default in beside and TEXT in beside
    settle = f"{LIST}proposal/{row.pk}/"
    sample = printed(other.get(f"{settle}sample.pdf").content)
    assert "申请符合条件,决定准予许可" in sample
    assert "样例" in sample and "演示样件不具法律效力" in sample
    assert "没有签名" in sample and "证书签名" not in sample
    assert one.post(settle, {"act": "confirm"}).status_code == 403
    assert other.post(settle, {"act": "confirm"}).status_code == 303
    assert other.post(settle, {"act": "confirm"}).status_code == 409
    forget()
    shown = one.get(OPENING).content.decode()
    assert "朱克勤提出,秦守正确认" in shown and "起:您的「{事项名称}」" in shown
    assert verify_all(environment().roots).is_clean


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("text", ""),
        ("text", "您的申请,{决定}。"),
        ("text", f"{TEXT}{{经办人}}"),
        ("text", f"{TEXT}{{"),
        ("valid_from", "2020-01-01"),
        ("valid_from", "明天"),
        ("source", ""),
        ("reason", "改"),
        *(("text", f"{TEXT}您的申请{word}。") for word in FORBIDDEN),
    ],
)
def test_a_slip_is_named_at_its_field_and_nothing_is_lost(field: str, text: str) -> None:
    given = typed(**{field: text})
    response = signed_in("zhu-system").post(OPENING, given)
    assert response.status_code == 422
    shown = {f["name"]: f for f in response.context["fields"]}
    assert [name for name, f in shown.items() if f["error"]] == [field]
    kept = {name: f["value"] for name, f in shown.items() if "value" in f}
    assert kept == {name: value for name, value in given.items() if name != "how"}
    assert not TemplateProposal.objects.exists()


def test_what_is_typed_can_be_seen_in_a_sample_and_nothing_is_kept() -> None:
    client = signed_in("zhu-system")
    found = client.post(OPENING, {"act": "preview", "how": "text", "text": TEXT})
    assert found["Content-Type"] == "application/pdf"
    assert "申请符合条件" in printed(found.content)
    wrong = client.post(OPENING, {"act": "preview", "how": "text", "text": "驳回"})
    assert wrong.status_code == 422
    assert signed_in("qin-security").post(OPENING, {"act": "preview"}).status_code == 403
    assert not TemplateProposal.objects.exists()


def test_an_organ_has_words_of_its_own_and_goes_back_to_the_citys() -> None:
    organ, client, today = unsealed(), signed_in("zhu-system"), civil_date(now())
    reworded("GRANT_DECISION.NOTE", "全市的提示", valid_from=today)
    reworded("GRANT_DECISION.NOTE", "本机关的提示", valid_from=today, organ_id=organ.pk)
    own = client.get(f"{GRANT}?organ={organ.pk}").content.decode()
    assert "本机关的提示" in own and "全市的提示" not in own
    whole = client.get(GRANT).content.decode()
    assert "全市的提示" in whole and "本机关的提示" not in whole
    assert f'{GRANT}?organ={organ.pk}">{organ.name}' in whole
    sample = printed(client.get(f"{GRANT}sample.pdf?organ={organ.pk}").content)
    assert "本机关的提示" in sample and organ.name in sample
    note = f"{GRANT}NOTE/?organ={organ.pk}"
    back = typed(how="restore", text="", organ=str(organ.pk), valid_from=str(today))
    assert client.post(note, back).status_code == 303
    row = TemplateProposal.objects.get(settled_at__isnull=True)
    assert (row.organ_id, row.is_restored) == (organ.pk, True)
    shown = signed_in("qin-security").get(note).content.decode()
    assert "改为(等待确认)" in shown and "全市的提示" in shown
    sample = printed(client.get(f"{LIST}proposal/{row.pk}/sample.pdf").content)
    assert "全市的提示" in sample
    assert client.get(f"{GRANT}?organ=999999999").status_code == 404


def test_a_proposal_sent_back_takes_a_reason_and_leaves_the_text() -> None:
    row = proposed_text("GRANT_DECISION.OPENING", TEXT, valid_from=civil_date(now()), at=now())
    other, path = signed_in("qin-security"), f"{LIST}proposal/{row.pk}/"
    assert other.post(path, {"act": "drop", "why": "否"}).status_code == 422
    assert other.post(path, {"act": "drop", "why": "没有依据文件"}).status_code == 303
    response = signed_in("zhu-system").get(OPENING)
    assert response.context["now"] == SLOTS["GRANT_DECISION.OPENING"].default
    assert response.context["coming"] == "—"
    assert "没有依据文件" in response.content.decode()


@pytest.mark.parametrize("kind", [k for k in DocumentKind if slots_of(k)])
def test_every_kind_and_every_text_of_it_opens(kind: DocumentKind) -> None:
    client = signed_in("zhu-system")
    assert client.get(f"{LIST}{kind.value}/").status_code == 200
    for slot in slots_of(kind):
        assert client.get(f"{LIST}{kind.value}/{slot.part.value}/").status_code == 200
