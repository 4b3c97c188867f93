"""Addresses of the catalogue's staff pages."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.catalog.pages import drafting, editing, importing, quality, starting

urlpatterns = [
    path("catalog/", editing.items, name="catalog"),
    path("catalog/import/", importing.import_page, name="catalog-import"),
    path("catalog/quality/", quality.quality, name="catalog-quality"),
    path("catalog/items/new/", starting.new, name="catalog-new"),
    path("catalog/<slug:code>/draft/", drafting.begin, name="catalog-begin"),
    path("catalog/versions/<int:version_id>/edit/<slug:part>/", drafting.edit, name="catalog-edit"),
    path("catalog/versions/<int:version_id>/", editing.version_page, name="catalog-version"),
    path("catalog/versions/<int:version_id>/package.yaml", editing.package, name="catalog-package"),
    path("catalog/versions/<int:version_id>/submit/", editing.submit, name="catalog-submit"),
    path("catalog/versions/<int:version_id>/return/", editing.send_back, name="catalog-return"),
    path("catalog/versions/<int:version_id>/publish/", editing.publish, name="catalog-publish"),
    path("catalog/<slug:code>/", editing.item, name="catalog-item"),
]
