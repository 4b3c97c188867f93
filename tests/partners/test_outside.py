"""Signing in through an outside provider: a real one over HTTP, and one that lies."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.authorising import party
from tests.pages.client import signed_in
from tests.partners.serving import Provider, be_at, configure, provider, served, told
from tests.partners.test_sign_in_provider import come_back, site

from yiwang.apps.partners.models import ApiClient
from yiwang.apps.people import outside_provider
from yiwang.apps.people.models import Account, OutsideIdentity, Party, SecurityEvent
from yiwang.apps.people.outside_settings import outside_of, redirect_uri
from yiwang.foundation.clockwork import now, real_now
from yiwang.foundation.environment import DeploymentError
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
LOGIN = "lin-xiaoman"
NEW_ID = "110101199003074258"


@pytest.fixture
def op(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with provider() as found:
        be_at("http://127.0.0.1:9", monkeypatch)
        configure(found.issuer, "us", "secret", monkeypatch, NAME="省统一身份认证")
        found.person = {"sub": "person-1", **paper_of(LOGIN)}
        yield found


def paper_of(login: str) -> dict[str, Any]:
    found = party(login)
    return {
        "paper_kind": found.paper_kind,
        "paper_number": found.paper_number,
        "paper_verified": True,
    }


def begun(browser: Client, next_path: str = "/my/disclosures/") -> str:
    """Where the sign-in page sends the browser."""
    page = browser.post("/sign-in/outside/", {"next": next_path})
    assert page.status_code == 200, page.content.decode()
    return str(page["Refresh"].removeprefix("0;url="))


def back(browser: Client, url: str) -> Any:
    parts = urlsplit(url)
    return browser.get(f"{parts.path}?{parts.query}")


def whole(browser: Client, op: Provider, next_path: str = "/my/disclosures/") -> Any:
    return back(browser, op.sign_in(begun(browser, next_path)))


def is_in(browser: Client) -> bool:
    return bool(browser.get("/my/disclosures/").status_code == 200)


def refused_with(op: Provider, words: str = "没有核对通过") -> bool:
    """Nothing was opened, the page says so in Chinese and leads back to where one was going."""
    browser = Client()
    page = whole(browser, op)
    text = page.content.decode()
    assert words in text and "/sign-in/?next=/my/disclosures/" in text, text
    return page.status_code == 400 and not is_in(browser)


def test_our_own_provider_over_http_opens_the_account_of_the_verified_paper(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with served(monkeypatch) as url:
        row, secret = site(f"{url}/sign-in/outside/back/")
        configure(f"{url}/oidc", row.identifier, secret, monkeypatch)
        browser, there = Client(), signed_in(LOGIN)
        asked = told(begun(browser))
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert asked["redirect_uri"] == redirect_uri()
        page = back(browser, come_back(there, asked))
        assert (page.status_code, page["Location"]) == (303, "/my/disclosures/")
        assert is_in(browser)
    identity = OutsideIdentity.objects.get(account__login=LOGIN)
    assert identity.issuer == f"{url}/oidc" and identity.last_used_at is not None
    assert ApiClient.objects.get(pk=row.pk).consents.get().subject.hex in identity.subject.replace(
        "-", ""
    )
    kinds = SecurityEvent.objects.filter(account=LOGIN).values_list("kind", flat=True)
    assert {"IDENTITY_BOUND", "SIGNED_IN_OUTSIDE"} <= set(kinds)


def test_once_bound_the_subject_is_enough_and_the_way_back_is_kept(op: Provider) -> None:
    assert whole(Client(), op)["Location"] == "/my/disclosures/"
    op.person = {"sub": "person-1"}
    assert whole(Client(), op, "/my/authorisations/")["Location"] == "/my/authorisations/"
    assert whole(Client(), op, "https://evil.example/")["Location"] == "/start/"
    assert OutsideIdentity.objects.count() == 1


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["us", "somebody-else"]},
        {"azp": "somebody-else"},
        {"iss": "https://another.example"},
        {"exp": int((real_now() - timedelta(minutes=5)).timestamp())},
        {"exp": None},
        {"exp": "never"},
        {"iat": int((real_now() + timedelta(hours=1)).timestamp())},
        {"nbf": int((real_now() + timedelta(hours=1)).timestamp())},
        {"sub": None},
        {"sub": 7},
    ],
)
def test_claims_that_are_not_for_us_open_nothing(op: Provider, lie: dict[str, Any]) -> None:
    op.lie = lie
    if "sub" in lie:
        op.userinfo_sub = "person-1"
    assert refused_with(op)
    assert SecurityEvent.objects.filter(kind="OUTSIDE_REFUSED").exists()
    assert not OutsideIdentity.objects.exists()


def _text(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _none(claims: dict[str, Any]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join(_text(part) for part in parts) + "."


def _by_secret(claims: dict[str, Any], public: bytes) -> str:
    """The public key taken for a shared secret."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one"}, claims)]
    body = ".".join(_text(part) for part in parts)
    return f"{body}.{_text(hmac.new(public, body.encode(), 'sha256').digest())}"


def test_no_signature_another_key_and_a_shared_secret_are_refused(op: Provider) -> None:
    op.make = _none
    assert refused_with(op)
    stranger = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    op.make = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, stranger)
    assert refused_with(op)
    brought = stranger.as_dict(private=False)
    header = {"alg": "RS256", "kid": "two", "jwk": brought}
    op.make = lambda claims: jwt.encode(header, claims, stranger)
    assert refused_with(op)
    op.make = lambda claims: _by_secret(claims, op.key.as_pem(private=False))
    assert refused_with(op)
    op.make = lambda claims: op.signed(claims)[:-4] + "AAAA"
    assert refused_with(op)
    op.make = op.signed
    assert whole(Client(), op).status_code == 303


def test_a_state_is_ours_fresh_and_used_once(op: Provider) -> None:
    browser = Client()
    url = op.sign_in(begun(browser))
    forged = back(browser, url.replace("state=", "state=x"))
    assert forged.status_code == 400 and "过期或者办过了" in forged.content.decode()
    assert back(Client(), url).status_code == 400, "another browser's answer"
    assert back(browser, url).status_code == 303
    again = back(browser, url)
    assert again.status_code == 400 and "过期或者办过了" in again.content.decode()


def test_a_replayed_code_and_another_providers_answer_are_refused(op: Provider) -> None:
    browser = Client()
    first = op.sign_in(begun(browser))
    assert back(browser, first).status_code == 303
    second = begun(Client())
    replayed = op.sign_in(second).replace(told(op.sign_in(second))["code"], told(first)["code"])
    assert back(Client(), replayed).status_code == 400
    other = Client()
    url = op.sign_in(begun(other))
    code = told(url)["code"]
    page = back(other, url.replace(code, told(first)["code"]))
    assert page.status_code == 400 and not is_in(other)
    third = Client()
    state = told(begun(third))["state"]
    mixed = f"/sign-in/outside/back/?code=x&state={state}&iss=https://another.example"
    assert third.get(mixed).status_code == 400


def test_new_keys_are_fetched_and_forged_names_of_keys_are_no_flood(
    op: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert whole(Client(), op).status_code == 303
    assert whole(Client(), op).status_code == 303 and op.looked == 1
    op.key = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
    op.published = [*op.published, op.key]
    kept = outside_provider._known[op.issuer]
    earlier = outside_provider._Known(kept.document, kept.keys, kept.at - timedelta(minutes=2))
    outside_provider._known[op.issuer] = earlier
    assert whole(Client(), op).status_code == 303 and op.looked == 2
    op.key = RSAKey.generate_key(2048, {"kid": "never published", "use": "sig"})
    assert refused_with(op) and refused_with(op) and op.looked == 2


def test_unknown_people_are_told_what_to_do_and_nothing_is_made(op: Provider) -> None:
    before = Account.objects.count(), Party.objects.count()
    name = party(LOGIN).name
    for person in (
        {"sub": "new", "name": name, "email": "a@b.example", "phone_number": "13800000000"},
        {"sub": "new", **paper_of(LOGIN), "paper_verified": False},
        {"sub": "new", **paper_of(LOGIN), "paper_verified": "true"},
        {"sub": "new", **paper_of(LOGIN), "paper_kind": "PASSPORT"},
        {"sub": "new", "paper_kind": "RESIDENT_ID", "paper_number": NEW_ID, "paper_verified": True},
    ):
        op.person = person
        page = whole(Client(), op)
        text = page.content.decode()
        assert page.status_code == 403 and "窗口登记" in text and "/sign-in/?next=" in text
    assert (Account.objects.count(), Party.objects.count()) == before
    assert not OutsideIdentity.objects.exists()


def test_where_the_deployment_says_so_the_verified_are_registered(
    op: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIWANG_OIDC_REGISTERS", "1")
    kind = party(LOGIN).paper_kind
    op.person = {"sub": "new", "name": "甄新来", "paper_kind": kind, "paper_number": NEW_ID}
    assert whole(Client(), op).status_code == 403, "not verified"
    op.person["paper_verified"] = True
    browser = Client()
    assert whole(browser, op).status_code == 303 and is_in(browser)
    account = OutsideIdentity.objects.get(subject="new").account
    assert account.party is not None and account.party.name == "甄新来"
    assert not account.has_usable_password()
    subjects = (f"party:{account.party_id}", f"account:{account.pk}")
    acts = RecordEntry.objects.filter(subject__in=subjects).values_list("operation", flat=True)
    assert {"people.register", "people.open_account", "people.bind_identity"} <= set(acts)


def test_staff_only_where_configured_bound_before_and_with_the_second_factor(
    op: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = Account.objects.get(login="zhao-review")
    Account.objects.filter(pk=staff.pk).update(second_factor="JBSWY3DPEHPK3PXP")
    monkeypatch.setattr("yiwang.apps.people.middleware.must_prove_second_factor", lambda _: True)
    monkeypatch.setattr("yiwang.apps.people.pages.signing.must_prove_second_factor", lambda _: True)
    OutsideIdentity.objects.create(account=staff, issuer=op.issuer, subject="staff", bound_at=now())
    op.person = {"sub": "staff", "acr": "two"}
    assert "工作人员账号不能" in whole(Client(), op).content.decode()
    monkeypatch.setenv("YIWANG_OIDC_STAFF", "1")
    assert whole(Client(), op, "/work/cases/")["Location"].startswith("/second-factor/?next=")
    monkeypatch.setenv("YIWANG_OIDC_SECOND_FACTOR_ACR", "two,three")
    browser = Client()
    assert whole(browser, op, "/work/review/")["Location"] == "/work/review/"
    assert browser.get("/work/review/").status_code == 200
    op.person = {"sub": "staff", "acr": "one"}
    assert whole(Client(), op)["Location"].startswith("/second-factor/")


def test_a_binding_is_made_seen_and_removed_by_the_person(op: Provider) -> None:
    op.person = {"sub": "mine"}
    browser = signed_in(LOGIN)
    assert "绑定省统一身份认证" in browser.get("/my/account/").content.decode()
    page = browser.post("/my/account/bind/")
    done = back(browser, op.sign_in(page["Refresh"].removeprefix("0;url=")))
    assert done["Location"] == "/my/account/"
    identity = OutsideIdentity.objects.get(subject="mine")
    assert identity.account.login == LOGIN
    assert op.issuer in browser.get("/my/account/").content.decode()
    address = f"/my/account/outside/{identity.pk}/remove/"
    assert signed_in("wang-shouren").post(address).status_code == 404
    assert browser.post(address).status_code == 303
    assert whole(Client(), op).status_code == 403
    events = SecurityEvent.objects.filter(account=LOGIN).values_list("kind", flat=True)
    assert {"IDENTITY_BOUND", "IDENTITY_REMOVED"} <= set(events)


def test_anothers_identity_or_paper_is_not_bound(op: Provider) -> None:
    def bind(login: str, person: dict[str, Any]) -> Any:
        op.person = person
        browser = signed_in(login)
        page = browser.post("/my/account/bind/")
        return back(browser, op.sign_in(page["Refresh"].removeprefix("0;url=")))

    assert bind("wang-shouren", {"sub": "a", **paper_of(LOGIN)}).status_code == 400
    assert bind(LOGIN, {"sub": "a"}).status_code == 303
    assert bind("wang-shouren", {"sub": "a"}).status_code == 400
    second = bind(LOGIN, {"sub": "b"})
    assert second.status_code == 400 and "另一个身份" in second.content.decode()
    assert OutsideIdentity.objects.count() == 1


def test_locked_and_disabled_accounts_stay_closed(op: Provider) -> None:
    mine = Account.objects.filter(login=LOGIN)
    mine.update(is_active=False)
    assert "已停用" in whole(Client(), op).content.decode()
    assert not OutsideIdentity.objects.exists(), "nothing is bound for whom nothing is opened"
    mine.update(is_active=True, locked_until=now() + timedelta(minutes=5))
    assert "锁定" in whole(Client(), op).content.decode()


def test_a_provider_that_does_not_answer_is_said_in_words(
    op: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure("http://127.0.0.1:9/nobody", "us", "secret", monkeypatch)
    page = Client().post("/sign-in/outside/", {"next": "/my/"})
    assert page.status_code == 503 and "连不上" in page.content.decode()
    configure(op.issuer, "us", "wrong", monkeypatch)
    assert refused_with(op, "连不上")


def test_the_button_stands_only_where_a_provider_is_configured(
    monkeypatch: pytest.MonkeyPatch, op: Provider
) -> None:
    assert "去省统一身份认证登录" in Client().get("/sign-in/").content.decode()
    monkeypatch.delenv("YIWANG_OIDC_ISSUER")
    assert "/sign-in/outside/" not in Client().get("/sign-in/").content.decode()
    assert Client().post("/sign-in/outside/").status_code == 404


def test_settings_are_read_from_a_file_and_never_shown(tmp_path: Any) -> None:
    place = tmp_path / "secret"
    place.write_text("very secret\n")
    values = {
        "YIWANG_OIDC_ISSUER": "https://sso.example",
        "YIWANG_OIDC_CLIENT_ID": "us",
        "YIWANG_OIDC_CLIENT_SECRET_FILE": str(place),
    }
    found = outside_of(values)
    assert found is not None and found.secret == "very secret" and "secret" not in repr(found)
    for change in (
        {"YIWANG_OIDC_ISSUER": "http://sso.example"},
        {"YIWANG_OIDC_CLIENT_ID": ""},
        {"YIWANG_OIDC_CLIENT_SECRET_FILE": ""},
        {"YIWANG_OIDC_PAPER_CLAIMS": "one"},
    ):
        with pytest.raises(DeploymentError):
            outside_of(values | change)


def test_the_time_is_the_requests(op: Provider, at: datetime) -> None:
    from yiwang.foundation.jose import TokenError, check_claims

    claims = {"iss": "i", "aud": "a", "nonce": "n", "sub": "s"}
    moment = int(at.timestamp())
    fine = claims | {"iat": moment, "exp": moment + 60}
    check_claims(fine, issuer="i", audience="a", nonce="n", real_at=at)
    for late in (timedelta(minutes=3), -timedelta(minutes=3)):
        with pytest.raises(TokenError):
            check_claims(fine, issuer="i", audience="a", nonce="n", real_at=at + late)
