"""Addresses of the platform's own pages."""

from __future__ import annotations

from django.urls import path

from yiwang.site.pages import common, demo

urlpatterns = [
    path("start/", common.start, name="start"),
    path("edition/", common.edition, name="edition"),
    path("accessibility/", common.accessibility, name="accessibility"),
    path("demo/", demo.tour, name="demo"),
    path("demo/enter/<slug:login>/", demo.enter_as, name="demo-enter"),
    path("demo/clock/", demo.move_clock, name="demo-clock"),
]
