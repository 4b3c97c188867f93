"""What every act on a certificate has in common: lock, ask the table, write the change and its
record entry, and last the paper with its number. One transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.apps.certificates.domain.grounds import Ground
from yiwang.apps.certificates.domain.states import MACHINE, CertificateAction
from yiwang.apps.certificates.errors import CertificateNotFoundError, InvalidActError, NotNowError
from yiwang.apps.certificates.models import Certificate, StateChange
from yiwang.apps.certificates.papers import Paper, write_paper
from yiwang.apps.certificates.permissions import CANCEL, PROPOSE, REVOKE
from yiwang.foundation.access import Actor
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.statements import insert, update_where
from yiwang.kernel.chain import Head
from yiwang.kernel.machine import Transition
from yiwang.kernel.moment import civil_date

STAFF = (PROPOSE, REVOKE, CANCEL)


def works_on(actor: Actor, certificate: Certificate) -> bool:
    """Staff of the organ that issued it, with any permission over certificates."""
    return any(actor.may(permission, organ_id=certificate.organ_id) for permission in STAFF)


def may_see(actor: Actor, certificate: Certificate) -> bool:
    return actor.acts_for(certificate.holder_id) or works_on(actor, certificate)


@dataclass
class CertificateAct:
    """One act in the making: columns it changes, the facts it records, its paper and events."""

    certificate: Certificate
    actor: Actor
    at: datetime
    transition: Transition | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    events: list[Any] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    change: StateChange | None = None

    def paper(self, paper: Paper) -> None:
        self.papers.append(paper)
        self.facts.setdefault("documents", []).append(
            {"id": str(paper.identifier), "kind": paper.document.kind.value}
        )

    def move(self, *, ground: Ground | None = None, **why: Any) -> StateChange:
        """Take it to the transition's state, with the row that tells why."""
        assert self.transition is not None and self.transition.target is not None
        target = self.transition.target
        self.changes |= {"status": target, "status_on": civil_date(self.at)}
        self.change = StateChange(
            certificate=self.certificate,
            action=self.transition.action,
            status=target,
            at=self.at,
            ground=ground.code if ground else "",
            ground_label=ground.label if ground else "",
            by=self.actor.ref,
            by_label=self.actor.label[:80],
            document_id=self.papers[0].identifier if self.papers else None,
            **why,
        )
        insert([self.change])
        if ground is not None:
            self.facts["ground"] = ground.code
        return self.change

    def commit(self, operation: str) -> Certificate:
        """Write it. Raises NotNowError where somebody else was quicker."""
        row = self.certificate
        seen = row.version
        head = Head(seen, bytes(row.record_hash)) if seen else START
        self.facts["certificate_status"] = self.changes.get("status", row.status)
        entry, new_head = build(
            subject=row.record_subject,
            head=head,
            operation=operation,
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
        )
        self.changes |= {"version": new_head.seq, "record_hash": new_head.hash}
        if not update_where(Certificate, {"pk": row.pk, "version": seen}, self.changes):
            raise NotNowError("这份证照刚刚由别人办理过,请刷新后再看。")
        insert([entry])
        for name, value in self.changes.items():
            setattr(row, name, value)
        publish(self.events, at=self.at)
        for paper in self.papers:
            write_paper(row, paper)
        return row


def locked(certificate_id: int, *, actor: Actor) -> Certificate:
    """Raises CertificateNotFoundError, also for somebody who may not see it."""
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("organ", "holder")
        .filter(pk=certificate_id)
        .first()
    )
    if row is None or not (actor.is_system or may_see(actor, row)):
        raise CertificateNotFoundError
    return row


def begin(
    certificate_id: int, action: CertificateAction | None, *, actor: Actor, at: datetime
) -> CertificateAct:
    """Lock the certificate and ask the table; `action` None for an act that changes no state.

    Raises CertificateNotFoundError, TransitionNotAllowedError.
    """
    row = locked(certificate_id, actor=actor)
    transition = MACHINE.require(row.status, action.value) if action else None
    return CertificateAct(row, actor, at, transition)


def of_this_platform(certificate: Certificate) -> None:
    """Raises NotNowError for a certificate that another system keeps: its state is told there."""
    if certificate.document_id is None:
        raise NotNowError(f"这份证照来自{certificate.source},请到颁发机关办理。")


def require_texts(**wanted: tuple[str, int, str]) -> None:
    """field=(text, least number of characters, what to do). Raises InvalidActError with all."""
    problems = {
        name: message
        for name, (text, least, message) in wanted.items()
        if len(text.strip()) < least
    }
    if problems:
        raise InvalidActError(problems)
