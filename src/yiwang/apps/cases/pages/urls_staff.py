"""Addresses of the staff's pages about cases."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.cases.pages import (
    absence,
    acts,
    archive,
    batch,
    duty,
    helping,
    rework,
    saved,
    screen,
    side,
    supervision,
    templates,
    window,
    work,
)

urlpatterns = [
    path("window/", window.person, name="window"),
    path("window/items/", window.items, name="window-items"),
    path("window/start/", window.start, name="window-start"),
    path("window/drafts/<uuid:draft_id>/", window.draft, name="window-draft"),
    path("window/drafts/<uuid:draft_id>/earlier/<slug:code>/", archive.look, name="window-earlier"),
    path("work/", work.index, name="work"),
    path("work/accept/", work.accept, name="work-accept"),
    path("work/review/", work.review, name="work-review"),
    path("work/review/batch/", batch.batch, name="work-batch"),
    path("work/deliver/", work.deliver, name="work-deliver"),
    path("work/cases/", work.organ, name="work-cases"),
    path("work/find/", work.find, name="work-find"),
    path("work/saved/", saved.saved, name="work-saved"),
    path("work/saved/<int:filter_id>/", saved.opened, name="work-saved-open"),
    path("work/saved/<int:filter_id>/change/", saved.change, name="work-saved-change"),
    path("work/templates/", templates.listing, name="templates"),
    path("work/templates/new/", templates.new, name="template-new"),
    path("work/templates/<int:template_id>/change/", templates.change, name="template-change"),
    path("work/duty/", duty.duty, name="duty"),
    path("work/handovers/", duty.handovers, name="handovers"),
    path("work/handovers/<int:handover_id>/end/", duty.end, name="handover-end"),
    path("work/absence/", absence.absence, name="absence"),
    path("work/absence/<int:absence_id>/back/", absence.back, name="absence-back"),
    path("help/", helping.listing, name="help"),
    path("help/new/", helping.note, name="help-new"),
    path("help/calls/", helping.calls, name="help-calls"),
    path("help/calls/draw/", helping.draw, name="help-draw"),
    path("help/calls/<int:call_id>/", helping.call, name="help-call"),
    path("supervision/", supervision.late, name="supervision"),
    path("cases/<int:case_id>/", screen.case, name="case"),
    path("cases/<int:case_id>/preview/", screen.preview, name="case-preview"),
    path("cases/<int:case_id>/fill/<slug:slug>/", templates.fill, name="case-fill"),
    path("cases/<int:case_id>/side/", side.side, name="case-side"),
    path("cases/<int:case_id>/papers/", screen.papers, name="case-papers"),
    path("cases/<int:case_id>/unmask/", screen.unmask, name="case-unmask"),
    path("cases/<int:case_id>/correct/", rework.correct, name="case-correct"),
    path("cases/<int:case_id>/propose-correction/", rework.propose, name="case-propose"),
    path("cases/<int:case_id>/supply/", rework.supply, name="case-supply"),
    *(
        path(f"cases/<int:case_id>/{slug}/", acts.act, {"slug": slug}, name=f"case-{slug}")
        for slug in acts.ACTS
    ),
]
