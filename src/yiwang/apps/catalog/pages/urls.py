from __future__ import annotations

from django.urls import path

from yiwang.apps.catalog.pages import english, guide, portal

urlpatterns = [
    path("items/", portal.items, name="items"),
    path("items/export.csv", portal.export, name="items-export"),
    path("items/<slug:code>/", guide.guide, name="guide"),
    path("items/<slug:code>/print/", guide.guide_print, name="guide-print"),
    path("items/<slug:code>/qr.svg", guide.guide_qr, name="guide-qr"),
    path("items/<slug:code>/guide.pdf", guide.guide_pdf, name="guide-pdf"),
    path("en/", english.english_list, name="english-list"),
    path("en/items/<slug:code>/", english.english_guide, name="english-guide"),
]
