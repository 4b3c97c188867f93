"""Addresses of the pages of supervision."""

from __future__ import annotations

from django.urls import path

from yiwang.apps.supervision.pages import acts, cards, digests, figures, rules

urlpatterns = [
    path("cards/", cards.listing, name="cards"),
    path("cards/figures/", figures.screen, name="card-figures"),
    path("cards/figures/print/", figures.paper, name="card-figures-print"),
    path("cards/rules/", rules.table, name="card-rules"),
    path("cards/rules/<slug:code>/", rules.rule, name="card-rule"),
    path("cards/rules/<slug:code>/settle/", rules.settle, name="card-rule-settle"),
    path("cards/digests/", digests.listing, name="card-digests"),
    path("cards/<int:card_id>/", cards.card, name="card"),
    path("cards/<int:card_id>/explain/", acts.explain, name="card-explain"),
    path("cards/<int:card_id>/appeal/", acts.appeal, name="card-appeal"),
    path("cards/<int:card_id>/decide/", acts.decide, name="card-decide"),
    path("cards/<int:card_id>/evidence/", cards.evidence, name="card-evidence"),
]
