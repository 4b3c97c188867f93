"""How staff appear to the people concerned: the unit and the post, never the name."""

from __future__ import annotations

from yiwang.apps.people.permissions import REGISTER_RELATIONS
from yiwang.foundation.access import Actor


def label_of(actor: Actor) -> str:
    posting = next((p for p in actor.postings if REGISTER_RELATIONS.code in p.permissions), None)
    return f"{posting.organ_label} {posting.post_label}" if posting else actor.label
