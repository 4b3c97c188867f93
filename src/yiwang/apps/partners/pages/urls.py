"""Addresses of the pages about clients, and of the token."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.partners.pages import clients, entering, sign_in
from yiwang.apps.partners.token_view import token

CLIENT = "admin/clients/<int:client_id>/"

urlpatterns = [
    path("api/v1/token", token, name="token"),
    path("oidc/.well-known/openid-configuration", sign_in.discovery, name="oidc-discovery"),
    path("oidc/jwks", sign_in.jwks, name="oidc-jwks"),
    path("oidc/authorize", sign_in.authorize, name="oidc-authorize"),
    path("oidc/consent/<str:key>/", sign_in.consent, name="oidc-consent"),
    path("oidc/token", sign_in.token, name="oidc-token"),
    path("oidc/userinfo", sign_in.userinfo, name="oidc-userinfo"),
    path("oidc/sign-out", sign_in.sign_out, name="oidc-sign-out"),
    path("from/<slug:identifier>/", entering.enter, name="enter"),
    path("my/consents/", sign_in.consents, name="consents"),
    path("my/consents/<int:consent_id>/withdraw/", sign_in.withdraw, name="consent-withdraw"),
    path("admin/clients/", clients.listing, name="clients"),
    path("admin/clients/new/", clients.new, name="client-new"),
    path(CLIENT, clients.client, name="client"),
    path(f"{CLIENT}confirm/", clients.confirm, name="client-confirm"),
    path(f"{CLIENT}ask-rotation/", clients.ask_rotation, name="client-ask-rotation"),
    path(f"{CLIENT}rotate/", clients.rotate, name="client-rotate"),
    path(f"{CLIENT}disable/", clients.disable, name="client-disable"),
    path("work/clients/", clients.own, name="own-clients"),
    path("work/clients/<int:client_id>/", clients.own_client, name="own-client"),
]
