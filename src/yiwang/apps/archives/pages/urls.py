"""Addresses of the archive's pages."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.archives.pages import packages

urlpatterns = [
    path("archives/", packages.listing, name="archives"),
    path("archives/make/", packages.make, name="archive-make"),
    path("archives/<int:package_id>/", packages.one, name="archive"),
    path("archives/<int:package_id>/package.zip", packages.take, name="archive-take"),
    path(
        "archives/hand-over/<int:organ_id>/<int:year>/",
        packages.hand_over,
        name="archive-hand-over",
    ),
]
