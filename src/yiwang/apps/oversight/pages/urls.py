"""Addresses of the pages of oversight."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.oversight.pages import checks, decisions

urlpatterns = [
    path("decisions/", decisions.listing, name="decisions"),
    path("decisions/export.csv", decisions.export, name="decisions-export"),
    path("my/follow-ups/<int:check_id>/", checks.mine, name="my-follow-up"),
    path("follow-ups/", checks.listing, name="follow-ups"),
    path("follow-ups/papers/<uuid:document_id>/", checks.paper, name="follow-up-paper"),
    path("follow-ups/<int:check_id>/", checks.check, name="follow-up"),
    path("follow-ups/<int:check_id>/record/", checks.record, name="follow-up-record"),
]
