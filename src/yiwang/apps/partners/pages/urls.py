"""Addresses of the pages about clients, and of the token."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.partners.pages import clients
from yiwang.apps.partners.token_view import token

CLIENT = "admin/clients/<int:client_id>/"

urlpatterns = [
    path("api/v1/token", token, name="token"),
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
