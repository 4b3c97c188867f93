from __future__ import annotations

from django.urls import path

from yiwang.apps.ratings.pages import rating

urlpatterns = [path("rate/<str:token>/", rating.rate, name="rate")]
