"""One case all the way through the API: from a draft to the rating."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from tests.acting import accepted, actor, answers_for, make_documents, received, reviewed
from tests.api.calling import Caller, pdf

from yiwang.apps.cases.models import Case, Draft
from yiwang.foundation.clockwork import now
from yiwang.site.worker import relay_once

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"
HALL = "yecheng-hall"


def body_of(caller: Caller) -> dict[str, Any]:
    """For the organisation the caller represents."""
    parties = caller.get("/session").json()["parties"]
    return {"item": FOOD, "hall": HALL, "applicant_id": parties[-1]["id"]}


def start(caller: Caller, **headers: str) -> dict[str, Any]:
    response = caller.post("/drafts", body_of(caller), **headers)
    assert response.status_code == 201, response.content.decode()
    return response.json()


def fill(caller: Caller, draft: dict[str, Any]) -> None:
    """Answers, and a file for everything the city does not hold."""
    path = f"/drafts/{draft['id']}"
    saved = caller.call("PATCH", path, {"version": draft["version"], "form": answers_for(FOOD)})
    assert saved.status_code == 200, saved.content.decode()
    for material in caller.get(path).json()["materials"]:
        if material["status"] == "MISSING":
            sent = caller.send(f"{path}/files", material=material["code"], file=pdf())
            assert sent.status_code == 201, sent.content.decode()


def check_materials(clerk: Caller, case: int) -> None:
    for material in clerk.case(case)["materials"]:
        if material["status"] != "HELD":
            path = f"materials/{material['code']}"
            assert clerk.post(f"/cases/{case}/{path}/open").status_code == 200
            clerk.act(case, f"{path}/tick", points=[p["code"] for p in material["points"]])


def test_an_application_goes_from_draft_to_rating() -> None:
    citizen, clerk = Caller("lin-xiaoman"), Caller("he-window")
    reviewer, approver = Caller("zhao-review"), Caller("sun-approve")
    draft = start(citizen)
    refused = citizen.post(f"/drafts/{draft['id']}/submit")
    assert refused.status_code == 422 and refused.json()["fields"]
    fill(citizen, draft)
    whole = citizen.get(f"/drafts/{draft['id']}").json()
    assert whole["missing"] == {}
    case = citizen.post(f"/drafts/{draft['id']}/submit").json()["id"]
    assert case in [row["id"] for row in clerk.get("/work/to-accept").json()["cases"]]
    check_materials(clerk, case)
    assert clerk.act(case, "accept")["state"] == "REVIEW"
    while steps := [s for s in reviewer.case(case)["steps"] if is_open_review(s)]:
        reviewer.act(
            case,
            "give-opinion",
            step=steps[0]["code"],
            conclusion="AGREE",
            opinion="材料属实,符合要求。",
            second_person="qian-review" if steps[0]["people"] > 1 else "",
        )
    assert approver.act(case, "grant", opinion="同意。")["state"] == "GRANTED"
    make_documents(Case.objects.get(pk=case), now())
    code = citizen.case(case)["codes"]["pickup_code"]
    assert clerk.act(case, "deliver-at-window", code=code)["state"] == "COMPLETED"
    relay_once()
    invitation = citizen.get(f"/cases/{case}/rating").json()
    rated = citizen.post("/ratings", {"token": invitation["token"], "satisfaction": "SATISFIED"})
    assert rated.status_code == 201 and rated.json()["satisfaction_label"] == "满意"
    again = citizen.post("/ratings", {"token": invitation["token"], "satisfaction": "SATISFIED"})
    assert again.status_code == 409
    assert citizen.get(f"/cases/{case}/rating").json()["token"] is None
    for document in citizen.case(case)["documents"]:
        found = Caller().get(f"/documents/check/{document['check_code']}").json()
        assert found["number"] == document["number"]


def is_open_review(step: dict[str, Any]) -> bool:
    return step["state"] == "OPEN" and step["job"] != "decide"


def test_a_draft_begun_twice_with_one_key_is_one_draft() -> None:
    citizen, key = Caller("lin-xiaoman"), str(uuid.uuid4())
    one = start(citizen, **{"Idempotency-Key": key})
    other = start(citizen, **{"Idempotency-Key": key})
    assert one["id"] == other["id"] == key
    assert Draft.objects.filter(pk=key).count() == 1


def test_a_key_of_another_item_or_person_is_a_conflict() -> None:
    citizen, key = Caller("lin-xiaoman"), str(uuid.uuid4())
    start(citizen, **{"Idempotency-Key": key})
    body = {"item": "elder-card", "hall": HALL}
    assert citizen.post("/drafts", body, **{"Idempotency-Key": key}).status_code == 409
    stranger = Caller("ye-ying")
    other = stranger.post("/drafts", body_of(stranger), **{"Idempotency-Key": key})
    assert other.status_code == 409


def test_a_key_of_a_case_handed_in_begins_no_second_draft() -> None:
    citizen, key = Caller("lin-xiaoman"), str(uuid.uuid4())
    fill(citizen, start(citizen, **{"Idempotency-Key": key}))
    assert citizen.post(f"/drafts/{key}/submit").status_code == 200
    again = citizen.post("/drafts", body_of(citizen), **{"Idempotency-Key": key})
    assert again.status_code == 409 and not Draft.objects.filter(pk=key).exists()


def test_handing_in_twice_gives_the_same_case() -> None:
    citizen = Caller("lin-xiaoman")
    draft = start(citizen)
    fill(citizen, draft)
    ids = {citizen.post(f"/drafts/{draft['id']}/submit").json()["id"] for _ in range(2)}
    assert len(ids) == 1


def test_a_draft_saved_elsewhere_since_is_a_conflict() -> None:
    citizen = Caller("lin-xiaoman")
    draft = start(citizen)
    body = {"version": draft["version"], "form": {}}
    assert citizen.call("PATCH", f"/drafts/{draft['id']}", body).status_code == 200
    late = citizen.call("PATCH", f"/drafts/{draft['id']}", body)
    assert late.status_code == 409 and late.json()["type"] == "urn:yiwang:problem:conflict"


def test_an_act_on_an_old_version_is_a_conflict_and_changes_nothing() -> None:
    at = now()
    case = received(FOOD, by=actor("he-guifang", at), at=at)
    clerk = Caller("he-window")
    body = {"version": case.version, "reason": "不能确定是否需要许可。"}
    assert clerk.post(f"/cases/{case.pk}/refer", body).status_code == 200
    late = clerk.post(f"/cases/{case.pk}/refer", body)
    assert late.status_code == 409
    assert late.json()["type"] == "urn:yiwang:problem:conflict"
    assert "提请审批办认定" in late.json()["detail"]
    assert clerk.case(case.pk)["case"]["version"] == case.version + 1


def test_a_window_takes_in_an_application_on_paper() -> None:
    clerk = Caller("he-window")
    who = {
        "kind": "NATURAL_PERSON",
        "paper_kind": "RESIDENT_ID",
        "number": "580902195409080622",
    }
    body = {"item": "elder-card", "at_window": {"applicant": who}}
    draft = clerk.post("/drafts", body)
    assert draft.status_code == 201, draft.content.decode()
    assert draft.json()["channel"] == "WINDOW" and draft.json()["applicant"] == "何*"
    whole = clerk.get(f"/drafts/{draft.json()['id']}").json()
    assert whole["is_masked"] and "580902195409080622" not in str(whole)
    case = clerk.post(f"/drafts/{draft.json()['id']}/submit")
    assert case.status_code == 200, case.content.decode()
    assert case.json()["channel"] == "WINDOW"


def test_a_correction_is_asked_for_once_and_supplied_with_files() -> None:
    at = now()
    case = received(FOOD, by=actor("he-guifang", at), at=at)
    clerk, citizen = Caller("he-window"), Caller("he-guifang")
    items = [{"what": "布局图", "why": "看不清尺寸"}]
    assert clerk.act(case.pk, "request-correction", items=items)["state"] == "CORRECTION"
    seen = citizen.case(case.pk)
    material = next(m["code"] for m in seen["materials"] if m["file"])
    answer = citizen.send(
        f"/cases/{case.pk}/supply-correction",
        version=seen["case"]["version"],
        material=[material],
        file=[pdf("新图.pdf")],
    )
    assert answer.status_code == 200, answer.content.decode()
    assert answer.json()["state"] == "RECEIVED"
    again = clerk.post(
        f"/cases/{case.pk}/request-correction",
        {"version": answer.json()["version"], "items": items},
    )
    assert again.status_code == 409 and "§32(4)" in again.json()["detail"]


def test_pausing_shows_in_the_explained_days_and_leaves_no_due_day() -> None:
    at = now()
    case = accepted(FOOD, by=actor("he-guifang", at), clerk=actor("he-window", at), at=at)
    reviewer, citizen = Caller("zhao-review"), Caller("he-guifang")
    ground = Caller().get(f"/items/{FOOD}").json()["definition"]["pause_grounds"][0]["code"]
    reviewer.act(case.pk, "pause", ground=ground, expected="15wd", reason="需要专家评审。")
    promised = next(c for c in citizen.case(case.pk)["clocks"] if c["title"] == "承诺时限")
    assert promised["due_on"] is None and promised["standing"] == "PAUSED"
    reviewer.act(case.pk, "resume")
    promised = next(c for c in citizen.case(case.pk)["clocks"] if c["title"] == "承诺时限")
    assert promised["due_on"] is not None
    assert promised["days"][-1]["mark"] == "DUE"


def test_progress_is_told_to_whoever_holds_the_receipt_and_masked() -> None:
    at = now()
    case = received(FOOD, by=actor("gulinaer", at), at=at)
    code = Caller("gulinaer").case(case.pk)["codes"]["query_code"]
    found = Caller().post("/progress", {"number": case.short_number, "code": code})
    assert found.status_code == 200
    assert found.json()["applicant"] == "古*·*" and "古丽娜尔" not in found.content.decode()


def test_query_codes_cannot_be_guessed_by_trying() -> None:
    at = now()
    case = received(FOOD, by=actor("he-guifang", at), at=at)
    code = Caller("he-guifang").case(case.pk)["codes"]["query_code"]
    guesser = Caller()
    wrong = [f"{n:06d}" for n in range(21) if f"{n:06d}" != code][:20]
    statuses = {
        guesser.post("/progress", {"number": case.short_number, "code": guess}).status_code
        for guess in wrong
    }
    assert statuses == {404}
    # A new session does not help, nor does the right code within the hour.
    last = Caller().post("/progress", {"number": case.short_number, "code": code})
    assert last.status_code == 429 and int(last["Retry-After"]) > 0


def test_the_result_is_signed_for_online() -> None:
    at = now() - timedelta(minutes=5)
    case = accepted(FOOD, by=actor("he-guifang", at), clerk=actor("he-window", at), at=at)
    reviewed(case, reviewer=actor("zhao-review", at), at=at)
    Caller("sun-approve").act(case.pk, "grant")
    citizen = Caller("he-guifang")
    acts = {a["action"]: a for a in citizen.case(case.pk)["acts"]}
    assert not acts["deliver-online"]["is_allowed"] and "制作" in acts["deliver-online"]["reason"]
    make_documents(Case.objects.get(pk=case.pk), now())
    assert citizen.act(case.pk, "deliver-online")["state"] == "COMPLETED"
