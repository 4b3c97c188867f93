"""Addresses of the platform's own pages."""

from __future__ import annotations

from django.urls import path

from yiwang.site.pages import common

urlpatterns = [
    path("start/", common.start, name="start"),
    path("edition/", common.edition, name="edition"),
    path("accessibility/", common.accessibility, name="accessibility"),
]
