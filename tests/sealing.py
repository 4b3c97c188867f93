"""Seals and texts ruled for a test, and the cache emptied around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.acting import actor
from yiwang.apps.people.models import Organ
from yiwang.foundation.documents.in_force import forget
from yiwang.foundation.documents.kinds import SealUse
from yiwang.foundation.documents.models import (
    OrganSeal,
    SealProposal,
    TemplateProposal,
    TemplateText,
)
from yiwang.foundation.documents.registering import (
    Engraving,
    confirm_seal,
    propose_seal,
    propose_stop,
)
from yiwang.foundation.documents.rewording import Wording, confirm_text, propose_text
from yiwang.foundation.ruling.terms import Terms
from yiwang.kernel.moment import start_of_day

PROPOSER, CONFIRMER = "zhu-system", "qin-security"
SOURCE = {"source": "本市 12 号文", "article": "第三条", "reason": "换用新的"}


@pytest.fixture
def forgetting() -> Iterator[None]:
    """What the test rules is rolled back: no later test may still read it."""
    forget()
    yield
    forget()


def unsealed() -> Organ:
    """An organ of the demonstration that has registered no seal."""
    sealed = OrganSeal.objects.values("organ_id")
    return Organ.objects.filter(serviceitem__isnull=False).exclude(pk__in=sealed).distinct()[0]


def engraving(valid_from: date | None, **more: object) -> Engraving:
    values: dict[str, object] = {
        "use": SealUse.APPROVAL,
        "name": "椰城市某某局",
        **SOURCE,
        **more,
    }
    return Engraving(valid_from=valid_from, **values)  # type: ignore[arg-type]


def proposed_seal(organ: Organ, *, valid_from: date, at: datetime, **more: object) -> SealProposal:
    use = list(SealUse).index(SealUse(str(more.get("use", SealUse.APPROVAL))))
    more.setdefault("filing_code", f"9902{organ.pk:06d}{use:03d}")
    wanted = engraving(valid_from, **more)
    return propose_seal(organ_id=organ.pk, wanted=wanted, actor=actor(PROPOSER, at), at=at)


def registered(organ: Organ, *, valid_from: date, **more: object) -> OrganSeal:
    """Proposed and confirmed on the day before."""
    at = start_of_day(valid_from) - timedelta(hours=8)
    row = proposed_seal(organ, valid_from=valid_from, at=at, **more)
    seal = confirm_seal(proposal_id=row.pk, actor=actor(CONFIRMER, at), at=at)
    forget()
    return seal


def proposed_stop(seal: OrganSeal, *, on: date, at: datetime) -> SealProposal:
    terms = Terms(valid_from=on, **SOURCE)
    return propose_stop(seal_id=seal.pk, terms=terms, actor=actor(PROPOSER, at), at=at)


def stopped(seal: OrganSeal, *, on: date) -> OrganSeal:
    at = start_of_day(on) - timedelta(hours=8)
    row = proposed_stop(seal, on=on, at=at)
    found = confirm_seal(proposal_id=row.pk, actor=actor(CONFIRMER, at), at=at)
    forget()
    return found


def proposed_text(
    code: str,
    text: str,
    *,
    valid_from: date,
    at: datetime,
    organ_id: int | None = None,
    is_restored: bool = False,
) -> TemplateProposal:
    wanted = Wording(valid_from=valid_from, text=text, is_restored=is_restored, **SOURCE)
    who = actor(PROPOSER, at)
    return propose_text(code=code, organ_id=organ_id, wanted=wanted, actor=who, at=at)


def reworded(
    code: str,
    text: str,
    *,
    valid_from: date,
    organ_id: int | None = None,
    is_restored: bool = False,
) -> TemplateText:
    """Proposed and confirmed on the day before."""
    at = start_of_day(valid_from) - timedelta(hours=8)
    row = proposed_text(
        code, text, valid_from=valid_from, at=at, organ_id=organ_id, is_restored=is_restored
    )
    found = confirm_text(proposal_id=row.pk, actor=actor(CONFIRMER, at), at=at)
    forget()
    return found
