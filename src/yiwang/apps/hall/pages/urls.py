"""Addresses of the pages of the hall."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.hall.pages import auditing, booking, classes, day, keeping, mine, roster

ONE = "zones/appointments/<int:appointment_id>/"
MINE = "my/appointments/<int:appointment_id>/"

urlpatterns = [
    path("halls/", booking.halls, name="halls"),
    path("halls/zones/<int:zone_id>/", booking.zone, name="help-zone"),
    path("halls/zones/<int:zone_id>/book/", booking.book, name="help-zone-book"),
    path("my/appointments/", mine.mine, name="my-appointments"),
    path(MINE, mine.one, name="my-appointment"),
    path(f"{MINE}move/", mine.move, name="my-appointment-move"),
    path(f"{MINE}cancel/", mine.cancel, name="my-appointment-cancel"),
    path("zones/", day.zones, name="zones"),
    path("zones/new/", keeping.new, name="zone-new"),
    path("zones/classes/", classes.classes, name="priority-classes"),
    path("zones/classes/new/", classes.keep, name="priority-class-new"),
    path("zones/classes/<slug:code>/", classes.keep, name="priority-class"),
    path("zones/shifts/<int:shift_id>/off/", roster.off, name="zone-shift-off"),
    path("zones/<int:zone_id>/", day.day, name="zone-day"),
    path("zones/<int:zone_id>/call-next/", day.call_next, name="zone-call-next"),
    path("zones/<int:zone_id>/book/", booking.book_for, name="zone-book"),
    path("zones/<int:zone_id>/roster/", roster.roster, name="zone-roster"),
    path("zones/<int:zone_id>/change/", keeping.change, name="zone-change"),
    path("zones/<int:zone_id>/close/", keeping.close, name="zone-close"),
    path(f"{ONE}check-in/", day.check_in, name="appointment-check-in"),
    path(f"{ONE}call/", day.call, name="appointment-call"),
    path(f"{ONE}start/", day.start, name="appointment-start"),
    path(f"{ONE}miss/", day.miss, name="appointment-miss"),
    path(f"{ONE}end/", day.end, name="appointment-end"),
    path(f"{ONE}move/", mine.move_for, name="appointment-move"),
    path(f"{ONE}cancel/", mine.cancel_for, name="appointment-cancel"),
    path("green-uses/", auditing.uses, name="green-uses"),
    path("green-uses/export.csv", auditing.export, name="green-uses-export"),
]
