"""Departments' sites let people sign in with our account: consent, code, token, data, an end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from tests.acting import actor
from tests.pages.client import signed_in
from tests.partners.helping import SECURITY, client_of, proposal
from tests.partners.serving import BACK, asked_for, told

from yiwang.apps.partners import clients, sign_in
from yiwang.apps.partners.clients import ClientError
from yiwang.apps.partners.models import ApiClient, SignInCode, SignInConsent, SignInToken
from yiwang.apps.people.models import Account, Disclosure, SecurityEvent
from yiwang.foundation.clockwork import now, real_now
from yiwang.foundation.environment import environment
from yiwang.foundation.jose import TokenError, check_claims, opened
from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.secrets.signing_keys import signing_keys
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
ALL = ("people.sign_in", "people.name", "people.paper")
FORM = "application/x-www-form-urlencoded"


def site(*uris: str, scopes: tuple[str, ...] = ALL, **more: Any) -> tuple[ApiClient, str]:
    return client_of(now(), scopes=scopes, redirect_uris=uris or (BACK,), **more)


def come_back(browser: Client, asked: dict[str, str], answer: str = "yes") -> str:
    """Through authorize and consent as a browser; where it is sent in the end."""
    first = browser.get(f"/oidc/authorize?{urlencode(asked)}")
    assert first.status_code == 303, first.content.decode()
    page = browser.get(first["Location"])
    if "Refresh" not in page:
        page = browser.post(first["Location"], {"answer": answer})
    return str(page["Refresh"].removeprefix("0;url="))


def exchanged(row: ApiClient, secret: str, code: str, verifier: str, uri: str = BACK) -> Any:
    form = {
        "grant_type": "authorization_code",
        "client_id": row.identifier,
        "client_secret": secret,
        "code": code,
        "redirect_uri": uri,
        "code_verifier": verifier,
    }
    return Client().post("/oidc/token", urlencode(form), FORM)


def userinfo(token: str) -> Any:
    return Client().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}"})


def signed_in_at(row: ApiClient, secret: str, login: str, scope: str = "openid") -> dict[str, Any]:
    asked, verifier = asked_for(row.identifier, scope=scope)
    code = told(come_back(signed_in(login), asked))["code"]
    answer = exchanged(row, secret, code, verifier)
    assert answer.status_code == 200, answer.content.decode()
    return {**answer.json(), "nonce": asked["nonce"]}


def test_a_person_signs_in_agrees_and_is_known_by_as_little_as_was_asked() -> None:
    row, secret = site()
    asked, verifier = asked_for(row.identifier)
    browser = signed_in("lin-xiaoman")
    consent = browser.get(browser.get(f"/oidc/authorize?{urlencode(asked)}")["Location"])
    words = consent.content.decode()
    assert row.organ.name in words and "第二十三条" in words and "完整证件号码" not in words
    back = told(come_back(browser, asked))
    assert (back["state"], back["iss"]) == (asked["state"], sign_in.issuer())
    answer = exchanged(row, secret, back["code"], verifier)
    body = answer.json()
    assert answer["Cache-Control"] == "no-store" and "refresh_token" not in body
    claims = opened(body["id_token"], signing_keys().published)
    check_claims(
        claims,
        issuer=sign_in.issuer(),
        audience=row.identifier,
        nonce=asked["nonce"],
        real_at=real_now(),
    )
    party = Account.objects.get(login="lin-xiaoman").party
    assert "name" not in claims and party.name not in str(claims)
    person = userinfo(body["access_token"]).json()
    assert person == {"sub": claims["sub"], "name": party.label, "kind": "person"}
    assert party.name not in str(person)


def test_full_name_and_paper_only_with_scope_and_consent_and_each_reading_is_shown() -> None:
    row, secret = site()
    party = Account.objects.get(login="lin-xiaoman").party
    body = signed_in_at(row, secret, "lin-xiaoman", "openid profile paper")
    for _ in range(2):
        person = userinfo(body["access_token"]).json()
        assert (person["name"], person["paper_number"]) == (party.name, party.paper_number)
        assert person["paper_verified"] is True
    looks = Disclosure.objects.filter(party=party, actor=row.subject)
    assert [look.what for look in looks] == [
        "登录标识和隐去一部分的姓名、完整姓名、证件类型和完整证件号码"
    ]
    acts = RecordEntry.objects.filter(subject=f"party:{party.pk}").order_by("-id")[:2]
    assert [entry.operation for entry in acts] == ["people.disclose", "partners.agree_sign_in"]
    assert row.name in signed_in("lin-xiaoman").get("/my/disclosures/").content.decode()
    kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
    assert {"CONSENT_GIVEN", "SIGNED_IN_ELSEWHERE"} <= kinds
    assert verify_all(environment().roots).is_clean


def test_two_sites_know_the_same_person_by_different_names() -> None:
    first, second = site(), site()
    subs = [
        opened(signed_in_at(*one, "lin-xiaoman")["id_token"], signing_keys().published)["sub"]
        for one in (first, second, first)
    ]
    assert subs[0] == subs[2] != subs[1]


def test_consent_is_asked_once_for_more_again_and_after_taking_it_back() -> None:
    row, secret = site()
    body = signed_in_at(row, secret, "lin-xiaoman")
    browser = signed_in("lin-xiaoman")
    silent, _ = asked_for(row.identifier, prompt="none")
    assert "code" in told(browser.get(f"/oidc/authorize?{urlencode(silent)}")["Location"])
    more, _ = asked_for(row.identifier, scope="openid profile", prompt="none")
    answer = told(browser.get(f"/oidc/authorize?{urlencode(more)}")["Location"])
    assert answer["error"] == "consent_required"
    mine = SignInConsent.objects.get(client=row)
    assert row.name in browser.get("/my/consents/").content.decode()
    stranger = signed_in("wang-shouren").post(f"/my/consents/{mine.pk}/withdraw/")
    assert stranger.status_code == 404
    assert browser.post(f"/my/consents/{mine.pk}/withdraw/").status_code == 303
    assert userinfo(body["access_token"]).status_code == 401
    answer = told(browser.get(f"/oidc/authorize?{urlencode(silent)}")["Location"])
    assert answer["error"] == "consent_required"
    browser.get("/my/consents/")  # which says once more what was taken back
    assert row.name not in browser.get("/my/consents/").content.decode()


def test_declining_tells_the_site_nothing_but_that() -> None:
    row, _ = site()
    asked, _ = asked_for(row.identifier)
    back = told(come_back(signed_in("lin-xiaoman"), asked, "no"))
    assert back == {"error": "access_denied", "state": asked["state"], "iss": sign_in.issuer()}
    assert not SignInConsent.objects.exists()


def test_staff_and_somebody_not_signed_in_yet() -> None:
    row, secret = site()
    body = signed_in_at(row, secret, "zhao-review", "openid profile paper")
    person = userinfo(body["access_token"]).json()
    assert person["kind"] == "staff" and "paper_number" not in person
    browser = Client()
    asked, _ = asked_for(row.identifier)
    first = browser.get(f"/oidc/authorize?{urlencode(asked)}")
    page = browser.get(first["Location"])
    assert page["Location"].startswith("/sign-in/?next=/oidc/consent/")
    signed = browser.post(
        "/sign-in/",
        {"login": "lin-xiaoman", "password": "yiwang-demo", "next": first["Location"]},
    )
    assert signed["Location"] == first["Location"]
    assert "同意并登录" in browser.get(first["Location"]).content.decode()
    silent, _ = asked_for(row.identifier, prompt="none")
    answer = Client().get(f"/oidc/authorize?{urlencode(silent)}")
    assert told(answer["Location"])["error"] == "login_required"


def test_a_site_may_ask_for_a_fresh_sign_in() -> None:
    row, _ = site()
    browser = signed_in("lin-xiaoman")
    asked, _ = asked_for(row.identifier, prompt="login")
    first = browser.get(f"/oidc/authorize?{urlencode(asked)}")["Location"]
    assert browser.get(first)["Location"].startswith("/sign-in/?next=")
    given = {"login": "lin-xiaoman", "password": "yiwang-demo", "next": first}
    browser.post("/sign-in/", given)
    assert "同意并登录" in browser.get(first).content.decode()


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": BACK + "/"},
        {"redirect_uri": "https://site.example.gov.cn/Back"},
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": ""},
        {"client_id": "yw_nobody"},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(change: dict[str, str]) -> None:
    row, _ = site()
    asked, _ = asked_for(row.identifier)
    answer = signed_in("lin-xiaoman").get(f"/oidc/authorize?{urlencode(asked | change)}")
    assert answer.status_code == 400 and "Location" not in answer
    assert "没有向任何网站提供您的信息" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"state": "short"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid paper"}, "invalid_scope"),
        ({"request": "e30.e30."}, "request_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_what_was_asked_wrongly_is_told_to_the_site(change: dict[str, str], error: str) -> None:
    row, _ = site(scopes=("people.sign_in",))
    asked, _ = asked_for(row.identifier)
    answer = signed_in("lin-xiaoman").get(f"/oidc/authorize?{urlencode(asked | change)}")
    assert answer["Location"].startswith(f"{BACK}?") and told(answer["Location"])["error"] == error


def test_a_code_works_once_and_a_second_use_ends_what_the_first_gave() -> None:
    row, secret = site()
    asked, verifier = asked_for(row.identifier)
    code = told(come_back(signed_in("lin-xiaoman"), asked))["code"]
    body = exchanged(row, secret, code, verifier).json()
    assert userinfo(body["access_token"]).status_code == 200
    again = exchanged(row, secret, code, verifier)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert userinfo(body["access_token"]).status_code == 401
    assert SecurityEvent.objects.filter(kind="CODE_REPLAYED", account="lin-xiaoman").exists()


def test_a_code_is_bound_to_its_site_address_verifier_and_minute() -> None:
    row, secret = site(BACK, "https://site.example.gov.cn/other")
    other, others_secret = site()
    browser = signed_in("lin-xiaoman")

    def refused(**change: Any) -> bool:
        asked, verifier = asked_for(row.identifier)
        code = told(come_back(browser, asked))["code"]
        if change.pop("late", False):
            SignInCode.objects.update(expires_at=real_now() - timedelta(seconds=1))
        given = {"row": row, "secret": secret, "code": code, "verifier": verifier, **change}
        return bool(exchanged(**given).json().get("error") == "invalid_grant")

    assert not refused()
    assert refused(row=other, secret=others_secret)
    assert refused(uri="https://site.example.gov.cn/other")
    assert refused(verifier="x" * 43)
    assert refused(verifier="")
    assert refused(late=True)
    assert refused(code="nothing")
    asked, verifier = asked_for(row.identifier)
    code = told(come_back(browser, asked))["code"]
    wrong = exchanged(row, "wrong", code, verifier)
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    kept = str(list(SignInCode.objects.values())) + str(list(SignInToken.objects.values()))
    assert code not in kept


def test_a_stopped_site_opens_nothing_from_then_on() -> None:
    row, secret = site()
    body = signed_in_at(row, secret, "lin-xiaoman")
    clients.disable(client_id=row.pk, reason="不再使用了", actor=actor(SECURITY, now()), at=now())
    assert userinfo(body["access_token"]).status_code == 401
    asked, _ = asked_for(row.identifier)
    assert signed_in("lin-xiaoman").get(f"/oidc/authorize?{urlencode(asked)}").status_code == 400


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"scopes": ("people.sign_in",), "redirect_uris": ()}, "redirect_uris"),
        ({"scopes": ("cases.read",), "redirect_uris": (BACK,)}, "redirect_uris"),
        ({"scopes": ("people.name",), "redirect_uris": (BACK,)}, "scopes"),
        ({"scopes": ALL, "redirect_uris": ("http://site.example/back",)}, "redirect_uris"),
        ({"scopes": ALL, "redirect_uris": ("https://*.example/back",)}, "redirect_uris"),
        ({"scopes": ALL, "redirect_uris": ("https://a@b.example/back",)}, "redirect_uris"),
        ({"scopes": ALL, "redirect_uris": ("https://b.example/back#x",)}, "redirect_uris"),
        ({"scopes": ALL, "redirect_uris": ("javascript:alert(1)",)}, "redirect_uris"),
    ],
)
def test_addresses_are_registered_whole_and_with_the_scope(more: Any, field: str) -> None:
    with pytest.raises(ClientError) as refused:
        clients.propose(proposal(**more), actor=actor(SECURITY, now()), at=now())
    assert field in refused.value.fields


def test_the_document_and_the_keys_say_what_is_so() -> None:
    body = Client().get("/oidc/.well-known/openid-configuration").json()
    assert body["issuer"] == sign_in.issuer()
    assert body["code_challenge_methods_supported"] == ["S256"]
    keys = Client().get("/oidc/jwks").json()["keys"]
    assert keys and all(key["kty"] == "RSA" and "d" not in key and "p" not in key for key in keys)


def test_signing_out_is_asked_and_leads_only_to_a_registered_address() -> None:
    row, _ = site()
    browser = signed_in("lin-xiaoman")
    given = {"client_id": row.identifier, "post_logout_redirect_uri": BACK, "state": "abc"}
    assert "同时退出" in browser.get("/oidc/sign-out", given).content.decode()
    assert browser.get("/my/").status_code == 200
    done = browser.post("/oidc/sign-out", given).content.decode()
    assert f"{BACK}?state=abc" in done and browser.get("/my/").status_code == 302
    elsewhere = given | {"post_logout_redirect_uri": "https://evil.example/"}
    assert 'href="https://evil' not in browser.get("/oidc/sign-out", elsewhere).content.decode()
    done = browser.post("/oidc/sign-out", elsewhere).content.decode()
    assert 'href="https://evil' not in done


def test_a_token_signed_by_a_key_before_the_rotation_is_still_believed() -> None:
    import shutil

    from yiwang.foundation.secrets import signing_keys as file

    folder = environment().keys
    kept = (folder / file.FILE).read_bytes()
    row, secret = site()
    try:
        before = signed_in_at(row, secret, "lin-xiaoman")["id_token"]
        file.rotate(folder, at=real_now())
        after = signed_in_at(row, secret, "lin-xiaoman")["id_token"]
        published = Client().get("/oidc/jwks").json()["keys"]
        assert opened(before, published)["sub"] == opened(after, published)["sub"]
        assert file.retire(folder, at=real_now()) == 0
        assert file.retire(folder, at=real_now() + timedelta(days=2)) == 1
        with pytest.raises(TokenError):
            opened(before, Client().get("/oidc/jwks").json()["keys"])
    finally:
        partial = folder / "put-back"
        partial.write_bytes(kept)
        shutil.move(partial, folder / file.FILE)


def test_too_many_exchanges_from_one_address_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_LIMIT_IDENTITY", "2/60")
    row, secret = site()
    answers = [exchanged(row, secret, "x", "y").status_code for _ in range(3)]
    assert answers == [400, 400, 429]
