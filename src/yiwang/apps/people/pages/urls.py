"""Addresses of the pages about accounts and people."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.people.pages import second_factor, signing

urlpatterns = [
    path("sign-in/", signing.sign_in_page, name="sign-in"),
    path("sign-out/", signing.sign_out_page, name="sign-out"),
    path("second-factor/", second_factor.second_factor_page, name="second-factor"),
]
