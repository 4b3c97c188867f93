from __future__ import annotations

from django.urls import path

from yiwang.apps.ratings.pages import figures, handling, identifying, rating, visits

urlpatterns = [
    path("rate/", identifying.anywhere, name="rate-identify"),
    path("rate/at/<int:window_id>/", identifying.at_window, name="rate-window"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("my/ratings/<int:invitation_id>/", identifying.mine, name="my-rating"),
    path("visits/", visits.record, name="visit"),
    path("visits/window-code/", visits.window_code, name="window-code"),
    path("visits/codes/<int:invitation_id>/", visits.code, name="rating-code"),
    path("visits/cases/<int:case_id>/", visits.case, name="rating-of-case"),
    path("bad-ratings/", handling.listing, name="bad-ratings"),
    path("bad-ratings/figures/", figures.screen, name="rating-figures"),
    path("bad-ratings/figures/rows/", figures.rows, name="rating-rows"),
    path("bad-ratings/<int:bad_rating_id>/", handling.one, name="bad-rating"),
    path("bad-ratings/<int:bad_rating_id>/phone/", handling.phone, name="bad-rating-phone"),
    path("bad-ratings/<int:bad_rating_id>/<slug:action>/", handling.act, name="bad-rating-act"),
]
