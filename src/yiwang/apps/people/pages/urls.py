"""Addresses of the pages about accounts and people."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.people.pages import (
    accounts,
    accounts_new,
    authorisations,
    disclosures,
    dishonesty,
    outside,
    passwords,
    place_tabs,
    places,
    places_acts,
    places_import,
    posts,
    relations,
    residents,
    roles,
    second_factor,
    security,
    signing,
)

ACCOUNT = "admin/accounts/<int:account_id>/"
AUTHORISATION = "my/authorisations/<int:authorisation_id>/"
GUARDIAN = "relations/guardians/<int:guardianship_id>/"
POST = "admin/posts/<int:post_id>/"

urlpatterns = [
    path("sign-in/", signing.sign_in_page, name="sign-in"),
    path("sign-out/", signing.sign_out_page, name="sign-out"),
    path("sign-in/outside/", outside.begin, name="outside-begin"),
    path("sign-in/outside/back/", outside.back, name="outside-back"),
    path("my/account/", outside.my_account, name="my-account"),
    path("my/account/bind/", outside.bind, name="outside-bind"),
    path("my/account/outside/<int:identity_id>/remove/", outside.remove, name="outside-remove"),
    path("password/", passwords.password, name="password"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
    path("my/disclosures/", disclosures.disclosures, name="disclosures"),
    path("my/authorisations/", authorisations.authorisations, name="authorisations"),
    path("my/authorisations/new/", authorisations.new, name="authorisation-new"),
    path(AUTHORISATION, authorisations.authorisation, name="authorisation"),
    path(f"{AUTHORISATION}confirm/", authorisations.confirm, name="authorisation-confirm"),
    path(f"{AUTHORISATION}revoke/", authorisations.revoke, name="authorisation-revoke"),
    path(f"{AUTHORISATION}renounce/", authorisations.renounce, name="authorisation-renounce"),
    path(f"{AUTHORISATION}keep/", authorisations.keep, name="authorisation-keep"),
    path("relations/", relations.relations, name="relations"),
    *(
        path(f"relations/{slug}/", relations.relation, {"slug": slug}, name=f"relation-{slug}")
        for slug in relations.FORMS
    ),
    path(f"{GUARDIAN}decide/", relations.decide, name="guardian-decide"),
    path(f"{GUARDIAN}paper/", relations.paper, name="guardian-paper"),
    path("dishonesty/", dishonesty.listing, name="dishonesty"),
    path("dishonesty/enter/", dishonesty.enter, name="dishonesty-enter"),
    path("dishonesty/<int:listing_id>/decide/", dishonesty.decide, name="dishonesty-decide"),
    path("dishonesty/<int:listing_id>/repair/", dishonesty.repair, name="dishonesty-repair"),
    path("admin/areas/import/", places_import.areas, name="areas-import"),
    path("admin/accounts/new/", accounts_new.new, name="account-new"),
    path("admin/accounts/<int:account_id>/password/", accounts_new.renew, name="account-password"),
    path("admin/roles/", roles.listing, name="roles"),
    path("admin/roles/new/", roles.new, name="role-new"),
    path("admin/roles/<slug:code>/", roles.one, name="role"),
    path("admin/posts/new/", roles.new_post, name="post-new"),
    path("admin/accounts/", accounts.accounts, name="accounts"),
    path(ACCOUNT, accounts.account, name="account"),
    path(f"{ACCOUNT}unlock/", accounts.unlock, name="account-unlock"),
    path(f"{ACCOUNT}active/", accounts.set_active, name="account-active"),
    path(f"{ACCOUNT}second-factor/", accounts.reset_second_factor, name="account-second-factor"),
    path(f"{ACCOUNT}absences/", accounts.add_absence, name="account-absence"),
    path(
        f"{ACCOUNT}absences/<int:absence_id>/end/",
        accounts.stop_absence,
        name="account-absence-end",
    ),
    *(
        route
        for slug in place_tabs.SLUGS
        for route in (
            path(f"admin/{slug}/", places.places, {"slug": slug}, name=slug),
            path(f"admin/{slug}/add/", places_acts.add, {"slug": slug}, name=f"{slug}-add"),
            path(f"admin/{slug}/<str:key>/", places.place, {"slug": slug}, name=f"{slug}-one"),
            path(
                f"admin/{slug}/<str:key>/change/",
                places_acts.change,
                {"slug": slug},
                name=f"{slug}-change",
            ),
            path(
                f"admin/{slug}/<str:key>/close/",
                places_acts.close,
                {"slug": slug},
                name=f"{slug}-close",
            ),
        )
    ),
    path("admin/windows/<str:key>/package/", places_acts.package, name="window-package"),
    path("admin/residents/", residents.residents, name="residents"),
    path("admin/posts/", posts.posts, name="posts"),
    path(POST, posts.post, name="post"),
    path(f"{POST}holdings/<int:holding_id>/end/", posts.end, name="post-end"),
    path("admin/security/", security.security, name="security"),
]
