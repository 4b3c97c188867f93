from __future__ import annotations

from django.urls import path

from yiwang.apps.certificates.pages import checking, mine

urlpatterns = [
    path("my/certificates/", mine.mine, name="my-certificates"),
    path("check/", checking.check, name="check"),
    path("check/<str:code>/", checking.check_code, name="check-code"),
]
