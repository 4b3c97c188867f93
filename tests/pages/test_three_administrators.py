"""三员分离: every administrative address × three administrators; nobody holds two duties; and an
attack on a password is stopped and seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, permutations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver
from tests.pages.client import signed_in

from yiwang.apps.people.models import Account, Organ, Post, PostHolding, Role, SecurityEvent
from yiwang.foundation.clockwork import now
from yiwang.kernel.moment import civil_date

pytestmark = pytest.mark.django_db

SYSTEM, SECURITY, AUDIT = "zhu-system", "qin-security", "you-audit"
ROLES = {SYSTEM: "system_admin", SECURITY: "security_admin", AUDIT: "audit_admin"}
# Reads that two may make; every act belongs to one, but stopping a leaking client at once.
SHARED = {
    "admin/security/": {SECURITY, AUDIT},
    "admin/clients/": {SYSTEM, SECURITY},
    "admin/clients/<int:client_id>/": {SYSTEM, SECURITY},
    "admin/clients/<int:client_id>/disable/": {SYSTEM, SECURITY},
    "admin/parameters/": {SYSTEM, SECURITY},
    "admin/parameters/<str:code>/": {SYSTEM, SECURITY},
    "admin/seals/": {SYSTEM, SECURITY},
    "admin/seals/organ/<int:organ_id>/": {SYSTEM, SECURITY},
    "admin/seals/organ/<int:organ_id>/image.png": {SYSTEM, SECURITY},
    "admin/seals/<int:seal_id>/image.png": {SYSTEM, SECURITY},
    "admin/seals/proposal/<int:proposal_id>/image.png": {SYSTEM, SECURITY},
    "admin/templates/": {SYSTEM, SECURITY},
    "admin/templates/<str:kind>/": {SYSTEM, SECURITY},
    "admin/templates/<str:kind>/sample.pdf": {SYSTEM, SECURITY},
    "admin/templates/<str:kind>/<str:part>/": {SYSTEM, SECURITY},
    "admin/templates/proposal/<int:proposal_id>/sample.pdf": {SYSTEM, SECURITY},
}
OWN = {
    "admin/posts/": SECURITY,
    "admin/clients/new/": SECURITY,
    "admin/clients/<int:client_id>/ask-rotation/": SECURITY,
    "admin/parameters/<str:code>/<int:proposal_id>/": SECURITY,
    "admin/seals/proposal/<int:proposal_id>/": SECURITY,
    "admin/seals/<int:seal_id>/stop/": SYSTEM,
    "admin/templates/proposal/<int:proposal_id>/": SECURITY,
    "admin/record/": AUDIT,
}
# Both read it, and only one posts: who confirms a parameter does not propose it.
ONLY_POSTED_BY = {
    "admin/parameters/<str:code>/": {SYSTEM},
    "admin/seals/organ/<int:organ_id>/": {SYSTEM},
    "admin/templates/<str:kind>/<str:part>/": {SYSTEM},
}
OF_THE_SYSTEM = (
    "accounts",
    "areas",
    "organs",
    "halls",
    "windows",
    "residents",
    "calendar",
    "jobs",
    "messages",
    "sources",
)
DUMMIES = {
    "<int:client_id>": "999999999",
    "<int:proposal_id>": "999999999",
    "<int:outage_id>": "999999999",
    "<str:code>": "ratings.fix",
    "<str:kind>": "GRANT_DECISION",
    "<str:part>": "OPENING",
    "<uuid:identifier>": "00000000-0000-4000-8000-000000000000",
}


def walk(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern)


ROUTES = sorted({r for r in walk(get_resolver().url_patterns) if r.startswith("admin/")})


def whose(route: str) -> set[str]:
    """Who may open it. Raises KeyError for an address that nobody thought about."""
    if route in SHARED:
        return SHARED[route]
    if route in OWN:
        return {OWN[route]}
    if route.startswith(("admin/posts/", "admin/roles/")):
        return {SECURITY}
    if route.split("/")[1] in OF_THE_SYSTEM or route in {
        "admin/clients/<int:client_id>/confirm/",
        "admin/clients/<int:client_id>/rotate/",
    }:
        return {SYSTEM}
    raise KeyError(route)


def filled(route: str) -> str:
    if route == "admin/seals/organ/<int:organ_id>/":
        # An organ that is there: who may look is asked before whether it exists, who may propose
        # after it.
        route = route.replace("<int:organ_id>", str(Organ.objects.order_by("id")[0].pk))
    for part, text in DUMMIES.items():
        route = route.replace(part, text)
    parts = ["999999999" if part.startswith("<") else part for part in route.split("/")]
    return "/" + "/".join(parts)


def test_the_walk_finds_the_addresses_and_each_belongs_to_somebody() -> None:
    assert len(ROUTES) > 40
    assert all(whose(route) for route in ROUTES)
    assert {name for route in ROUTES for name in whose(route)} == set(ROLES)


@pytest.mark.parametrize("login", ROLES)
def test_none_of_the_three_does_anothers_work(login: str) -> None:
    client, wrong = signed_in(login), []
    for route in ROUTES:
        looked, posted = (m(filled(route)).status_code for m in (client.get, client.post))
        may_post = login in ONLY_POSTED_BY.get(route, whose(route))
        if login in whose(route):
            is_right = looked != 403 and (posted != 403) is may_post
        else:
            # 405 comes before the question who asks, and does nothing.
            is_right = {looked, posted} <= {403, 405} and 403 in {looked, posted}
        if not is_right:
            wrong.append((route, looked, posted))
    assert wrong == []


def test_no_right_to_act_is_in_two_of_the_three_roles() -> None:
    reads = {"people.read_security_log", "people.read_messages"}
    held = {code: set(Role.objects.get(pk=code).permissions) - reads for code in ROLES.values()}
    for one, other in combinations(held, 2):
        assert held[one] & held[other] == set(), (one, other)
    assert held["audit_admin"] == {"people.read_record"}, "the auditor reads and does nothing"


def post_of(role: str) -> Post:
    return Post.objects.filter(role_id=role).order_by("id")[0]


@pytest.mark.parametrize("side", ["A", "B"])
@pytest.mark.parametrize(("login", "other"), list(permutations(ROLES, 2)))
def test_nobody_is_given_a_second_of_the_three_duties(login: str, other: str, side: str) -> None:
    giver = "qin-security"
    if login == giver:  # nobody gives himself anything; another security administrator does
        giver = "wang-shouren"
        Account.objects.filter(login=giver).update(is_staff=True)
        PostHolding.objects.create(
            post=post_of("security_admin"),
            account=Account.objects.get(login=giver),
            valid_from=civil_date(now()),
        )
    url = f"/admin/posts/{post_of(ROLES[other]).pk}/"
    response = signed_in(giver).post(url, {"account": login, "side": side})
    assert response.status_code == 409
    assert "三员分离" in response.content.decode()
    assert not PostHolding.objects.filter(account__login=login, post__role_id=ROLES[other]).exists()


@pytest.mark.parametrize(("login", "other"), list(permutations(ROLES, 2)))
def test_the_database_refuses_a_second_duty_whoever_writes_it(login: str, other: str) -> None:
    account, today = Account.objects.get(login=login), civil_date(now())
    values = {"post": post_of(ROLES[other]), "account": account, "is_deputy": True}
    for starts in (today, today + timedelta(days=365)):
        with pytest.raises(IntegrityError, match="duties"), transaction.atomic():
            PostHolding.objects.create(**values, valid_from=starts)
    PostHolding.objects.filter(account=account).update(valid_until=today)
    PostHolding.objects.create(**values, valid_from=today + timedelta(days=1))
    with pytest.raises(IntegrityError, match="duties"), transaction.atomic():
        PostHolding.objects.filter(account=account, is_deputy=False).update(valid_until=None)


@pytest.mark.row("R040")
def test_six_wrong_passwords_lock_the_account_and_stand_in_the_security_log() -> None:
    form = {"login": "chen-window", "password": "wrong"}
    answers = [Client().post("/sign-in/", form) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 6
    assert "已锁定到" in answers[5].content.decode()
    locked = Account.objects.get(login="chen-window").locked_until
    assert locked is not None
    assert locked > now()
    right = Client()
    right.post("/sign-in/", {"login": "chen-window", "password": "yiwang-demo"})
    assert "account" not in right.session, "not even the right password opens it"
    kinds = list(
        SecurityEvent.objects.filter(account="chen-window")
        .order_by("id")
        .values_list("kind", flat=True)
    )
    assert kinds[-8:] == ["SIGN_IN_FAILED"] * 5 + ["LOCKED"] + ["SIGN_IN_WHILE_LOCKED"] * 2
    for login in (SECURITY, AUDIT):
        shown = signed_in(login).get("/admin/security/?kind=LOCKED").content.decode()
        assert "chen-window" in shown
        assert "账号锁定" in shown


@pytest.mark.row("R040")
def test_one_address_that_tries_many_accounts_is_held_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_LIMIT_SIGN_IN", "3/300")
    client = Client(REMOTE_ADDR="203.0.113.77")
    codes = [
        client.post("/sign-in/", {"login": f"a{n}", "password": "wrong"}).status_code
        for n in range(5)
    ]
    assert codes == [422, 422, 422, 429, 429]
    assert SecurityEvent.objects.filter(kind="SIGN_IN_UNKNOWN", address="203.0.113.77").exists()
