"""Addresses of the pages of enquiries."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.enquiries.pages import asking, editing, staff

urlpatterns = [
    path("items/<slug:code>/ask/", asking.ask_guide, name="ask-guide"),
    path("my/cases/<int:case_id>/ask/", asking.ask_case, name="ask-case"),
    path("my/enquiries/", asking.mine, name="my-enquiries"),
    path("my/enquiries/<int:enquiry_id>/", asking.one, name="my-enquiry"),
    path("asked/<str:slip>/", asking.slip, name="asked"),
    path("enquiries/", staff.listing, name="enquiries"),
    path("enquiries/<int:enquiry_id>/", staff.one, name="enquiry"),
    path("guide-notes/", editing.notes, name="guide-notes"),
    path("guide-notes/publish/", editing.publish, name="guide-answer-publish"),
    path("guide-notes/answers/<int:answer_id>/withdraw/", editing.withdraw,
         name="guide-answer-withdraw"),
    path("guide-notes/<int:note_id>/", editing.close, name="guide-note"),
]  # fmt: skip
