"""Addresses of the catalogue's staff pages."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.catalog.pages import editing, importing

urlpatterns = [
    path("catalog/", editing.items, name="catalog"),
    path("catalog/import/", importing.import_page, name="catalog-import"),
    path("catalog/versions/<int:version_id>/", editing.version_page, name="catalog-version"),
    path("catalog/versions/<int:version_id>/package.yaml", editing.package, name="catalog-package"),
    path("catalog/versions/<int:version_id>/submit/", editing.submit, name="catalog-submit"),
    path("catalog/versions/<int:version_id>/return/", editing.send_back, name="catalog-return"),
    path("catalog/versions/<int:version_id>/publish/", editing.publish, name="catalog-publish"),
    path("catalog/<slug:code>/", editing.item, name="catalog-item"),
]
