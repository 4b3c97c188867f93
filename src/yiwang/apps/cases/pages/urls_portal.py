from __future__ import annotations

from django.urls import path

from yiwang.apps.cases.pages import (
    apply,
    archive,
    downloads,
    home,
    inbox,
    my,
    my_acts,
    my_branches,
    progress,
    sections,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("apply/<slug:code>/start/", apply.start, name="apply-start"),
    path("apply/<uuid:draft_id>/<int:number>/", sections.section, name="apply-section"),
    path("apply/<uuid:draft_id>/<int:number>/keep/", sections.keep, name="apply-keep"),
    path("apply/<uuid:draft_id>/materials/", apply.materials, name="apply-materials"),
    path("apply/<uuid:draft_id>/check/", apply.check, name="apply-check"),
    path("apply/<uuid:draft_id>/discard/", apply.discard, name="apply-discard"),
    path("my/", my.overview, name="my"),
    path("my/cases/<int:case_id>/", my.case, name="my-case"),
    path("my/materials/", archive.mine, name="my-materials"),
    path("my/cases/<int:case_id>/results.zip", archive.results, name="my-results"),
    path("my/cases/<int:case_id>/receipt/", my.receipt, name="my-receipt"),
    path("my/cases/<int:case_id>/qr.svg", my.qr_code, name="my-qr"),
    path("my/cases/<int:case_id>/correct/", my_acts.correct, name="my-correct"),
    path("my/cases/<int:case_id>/withdraw/", my_acts.withdraw, name="my-withdraw"),
    path("my/cases/<int:case_id>/sign/", my_acts.sign, name="my-sign"),
    path("my/cases/<int:case_id>/gaps/", my_branches.gaps, name="my-gaps"),
    path(
        "my/cases/<int:case_id>/hearing/<int:procedure_id>/",
        my_branches.hearing,
        name="my-hearing",
    ),
    path("my/messages/", inbox.messages_page, name="my-messages"),
    path("my/messages/read/", inbox.read_all, name="my-messages-read"),
    path("my/messages/<int:message_id>/", inbox.open_message, name="my-message"),
    path("progress/", progress.progress, name="progress"),
    path("documents/<uuid:document_id>/", downloads.document, name="document"),
    path("files/<uuid:attachment_id>/", downloads.attachment, name="file"),
]
