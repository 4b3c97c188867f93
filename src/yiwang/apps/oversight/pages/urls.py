"""Addresses of the pages of oversight."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.oversight.pages import checks, decisions, samples

urlpatterns = [
    path("decisions/", decisions.listing, name="decisions"),
    path("decisions/export.csv", decisions.export, name="decisions-export"),
    path("my/follow-ups/<int:check_id>/", checks.mine, name="my-follow-up"),
    path("samples/", samples.listing, name="samples"),
    path("samples/<int:sampled_id>/", samples.one, name="sample"),
    path("samples/<int:sampled_id>/check/", samples.check, name="sample-check"),
    path("samples/<int:sampled_id>/answer/", samples.answer, name="sample-answer"),
    path("samples/<int:sampled_id>/redraw/", samples.redraw, name="sample-redraw"),
    path("follow-ups/", checks.listing, name="follow-ups"),
    path("follow-ups/papers/<uuid:document_id>/", checks.paper, name="follow-up-paper"),
    path("follow-ups/<int:check_id>/", checks.check, name="follow-up"),
    path("follow-ups/<int:check_id>/record/", checks.record, name="follow-up-record"),
]
