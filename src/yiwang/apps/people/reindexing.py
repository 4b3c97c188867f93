"""Blind indexes made anew with the current key, a person and what names them in one transaction.

An agent is joined to an authorisation by the index of their paper. If one had the new index and
the other still the old, the right would be gone for a moment: so both change together, and
whoever registers one of them during a rotation brings the other in step first.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Model, QuerySet

from yiwang.apps.people.models import Authorisation, Party
from yiwang.apps.people.queries import paper_indexes
from yiwang.foundation.secrets import keyring
from yiwang.kernel.identifiers.kinds import PaperKind


def align_paper(kind: PaperKind | str, number: str) -> None:
    """The party with this paper and the authorisations that name it, by the current key. Nothing
    outside a rotation. Inside the caller's transaction."""
    if keyring().is_rotating:
        found = paper_indexes(PaperKind(kind), number)
        _align(
            _parties().filter(paper_kind=kind, paper_index__in=found),
            _authorisations().filter(agent_paper_kind=kind, agent_paper_index__in=found),
        )


# What indexes are made of; nothing else is opened.
_PARTY = (
    "paper_kind", "paper_number", "paper_index", "name", "name_index", "phone", "phone_index",
)  # fmt: skip
_AGENT = (
    "agent_paper_kind", "agent_paper_number", "agent_paper_index", "agent_name", "agent_name_index",
)  # fmt: skip


@transaction.atomic
def align_parties(after: int, most: int) -> tuple[int, int | None]:
    """The next parties by id, with the authorisations that name them: how many rows changed, and
    the id to go on after, None at the end."""
    rows = list(_parties().filter(pk__gt=after)[:most].select_for_update())
    wanted = [i for row in rows for i in paper_indexes(row.paper_kind, row.paper_number)]
    naming = _authorisations().filter(agent_paper_index__in=wanted)
    return _align(rows, naming.select_for_update()), _last(rows, most)


@transaction.atomic
def align_authorisations(after: int, most: int) -> tuple[int, int | None]:
    """The next authorisations by id whose agent may not be registered."""
    rows = list(_authorisations().filter(pk__gt=after)[:most].select_for_update())
    wanted = [i for x in rows for i in paper_indexes(x.agent_paper_kind, x.agent_paper_number)]
    parties = _parties().filter(paper_index__in=wanted)
    return _align(parties.select_for_update(), rows), _last(rows, most)


def _parties() -> QuerySet[Party]:
    return Party.objects.only(*_PARTY).order_by("pk")


def _authorisations() -> QuerySet[Authorisation]:
    return Authorisation.objects.only(*_AGENT).order_by("pk")


def _last(rows: list[Party] | list[Authorisation], most: int) -> int | None:
    return rows[-1].pk if len(rows) == most else None


def _align(parties: Iterable[Party], authorisations: Iterable[Authorisation]) -> int:
    ring, changed = keyring(), 0
    for party in parties:
        fresh = {
            "paper_index": paper_indexes(party.paper_kind, party.paper_number)[0],
            "name_index": ring.blind_index(party.name, purpose="party.name"),
        }
        if party.phone:
            fresh["phone_index"] = ring.blind_index(party.phone, purpose="party.phone")
        changed += _write(party, fresh)
    for row in authorisations:
        changed += _write(
            row,
            {
                "agent_paper_index": paper_indexes(row.agent_paper_kind, row.agent_paper_number)[0],
                "agent_name_index": ring.blind_index(row.agent_name, purpose="party.name"),
            },
        )
    return changed


def _write(row: Model, fresh: dict[str, bytes]) -> int:
    """Only what is not so already; the sealed columns are not written."""
    stale = {name: index for name, index in fresh.items() if bytes(getattr(row, name)) != index}
    if not stale:
        return 0
    return type(row)._default_manager.filter(pk=row.pk).update(**stale)


def stale_indexes(most: int = 1000) -> int:
    """How many parties and authorisations are not found by the current key alone. Reads all."""
    ring = keyring()
    found = 0
    for party in _parties().iterator(most):
        paper = paper_indexes(party.paper_kind, party.paper_number)[0]
        name = ring.blind_index(party.name, purpose="party.name")
        phone = ring.blind_index(party.phone, purpose="party.phone") if party.phone else None
        kept = party.phone_index
        found += (bytes(party.paper_index), bytes(party.name_index)) != (paper, name) or (
            phone is not None and (kept is None or bytes(kept) != phone)
        )
    for row in _authorisations().iterator(most):
        paper = paper_indexes(row.agent_paper_kind, row.agent_paper_number)[0]
        name = ring.blind_index(row.agent_name, purpose="party.name")
        found += (bytes(row.agent_paper_index), bytes(row.agent_name_index)) != (paper, name)
    return found
