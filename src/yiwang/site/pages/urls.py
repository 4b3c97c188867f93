"""Addresses of the platform's own pages."""

from __future__ import annotations

from django.urls import path

from yiwang.site.pages import (
    calendar,
    common,
    demo,
    document_text,
    document_texts,
    jobs,
    metrics,
    organ_seals,
    outbox,
    parameters,
    record,
    seals,
)

urlpatterns = [
    path("start/", common.start, name="start"),
    path("edition/", common.edition, name="edition"),
    path("accessibility/", common.accessibility, name="accessibility"),
    path("leaving/", common.leaving, name="leaving"),
    path("demo/", demo.tour, name="demo"),
    path("demo/enter/<slug:login>/", demo.enter_as, name="demo-enter"),
    path("demo/clock/", demo.move_clock, name="demo-clock"),
    path("admin/calendar/", calendar.calendar_page, name="calendar"),
    path("admin/jobs/", jobs.jobs, name="jobs"),
    path("admin/jobs/event/<int:number>/", jobs.retry_event, name="retry-event"),
    path("admin/jobs/timer/<int:number>/", jobs.retry_timer, name="retry-timer"),
    path("admin/jobs/job/<int:number>/", jobs.retry_job, name="retry-job"),
    path("admin/jobs/push/<int:number>/", jobs.retry_push, name="retry-push"),
    path("admin/jobs/document/<uuid:identifier>/", jobs.retry_document, name="retry-document"),
    path("admin/messages/", outbox.messages_page, name="messages"),
    path("admin/parameters/", parameters.parameters, name="parameters"),
    path("admin/parameters/<str:code>/", parameters.one_parameter, name="parameter"),
    path(
        "admin/parameters/<str:code>/<int:proposal_id>/",
        parameters.settle,
        name="parameter-settle",
    ),
    path("admin/seals/", seals.seals, name="seals"),
    path("admin/seals/organ/<int:organ_id>/", organ_seals.organ_seals, name="organ-seals"),
    path("admin/seals/organ/<int:organ_id>/image.png", seals.image_of_organ, name="organ-seal"),
    path("admin/seals/<int:seal_id>/image.png", seals.image_of_seal, name="seal-image"),
    path("admin/seals/<int:seal_id>/stop/", organ_seals.stop_seal, name="seal-stop"),
    path("admin/seals/proposal/<int:proposal_id>/", organ_seals.settle_seal, name="seal-settle"),
    path(
        "admin/seals/proposal/<int:proposal_id>/image.png",
        seals.image_of_proposal,
        name="seal-proposal-image",
    ),
    path("admin/templates/", document_texts.kinds, name="document-texts"),
    path(
        "admin/templates/proposal/<int:proposal_id>/",
        document_text.settle_text,
        name="document-text-settle",
    ),
    path(
        "admin/templates/proposal/<int:proposal_id>/sample.pdf",
        document_texts.preview_of_proposal,
        name="document-text-proposal-sample",
    ),
    path("admin/templates/<str:kind>/", document_texts.one_kind, name="document-kind"),
    path(
        "admin/templates/<str:kind>/sample.pdf",
        document_texts.preview_of_kind,
        name="document-kind-sample",
    ),
    path("admin/templates/<str:kind>/<str:part>/", document_text.one_text, name="document-text"),
    path("admin/record/", record.record, name="record"),
    path("metrics", metrics.metrics, name="metrics"),
]
