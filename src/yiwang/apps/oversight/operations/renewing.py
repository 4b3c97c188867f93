"""Reminding a holder of a renewal, and knowing one that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.apps.cases.public import items_of_cases, open_applications
from yiwang.apps.catalog.public import Definition, definition_of
from yiwang.apps.certificates.public import Certificate, CertificateStatus
from yiwang.apps.oversight.domain.periods import Window, renewal_window
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.messaging.sending import queue
from yiwang.foundation.timers.sweep import set_timers
from yiwang.kernel.clock import Limit
from yiwang.kernel.moment import chinese_date, civil_date, start_of_day

KIND = "oversight.renewal"
OPENS, CLOSES = "oversight.renewal_opens", "oversight.renewal_closes"
MORNING = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class RenewalRule:
    """The item a certificate came from, and the window in which it is renewed."""

    item_code: str
    item_name: str
    window: Window
    has_rule: bool
    is_deemed: bool

    @property
    def guide_url(self) -> str:
        return f"/items/{self.item_code}/"


def case_id_of(certificate: Certificate) -> int | None:
    kind, _, key = certificate.subject.partition(":")
    return int(key) if kind == "case" and key.isdecimal() else None


def rules_of(certificates: list[Certificate]) -> dict[int, RenewalRule]:
    """Certificate → its rule, for those that end and came from a case here. One statement and
    the definitions, which are kept."""
    wanted = {
        row.pk: key
        for row in certificates
        if row.valid_until is not None and (key := case_id_of(row)) is not None
    }
    items = items_of_cases(list(wanted.values())) if wanted else {}
    found = {}
    for row in certificates:
        item = items.get(wanted.get(row.pk, 0))
        if item is None or row.valid_until is None:
            continue
        definition = definition_of(item.item_version_id)
        found[row.pk] = _rule(definition, row.valid_until)
    return found


def _rule(definition: Definition, valid_until: date) -> RenewalRule:
    renewal = definition.renewal
    window = renewal_window(
        valid_until,
        Limit.parse(renewal.opens) if renewal else None,
        Limit.parse(renewal.closes) if renewal else None,
        calendar(),
    )
    return RenewalRule(
        item_code=definition.code,
        item_name=definition.name,
        window=window,
        has_rule=renewal is not None,
        is_deemed=renewal is not None and renewal.is_deemed,
    )


def rule_of(certificate: Certificate) -> RenewalRule | None:
    return rules_of([certificate]).get(certificate.pk)


def applications_in_window(certificate: Certificate, rule: RenewalRule) -> list[int]:
    """Undecided applications for the same item by the holder, received inside the window."""
    own = case_id_of(certificate)
    return [
        application.case_id
        for application in open_applications(
            item_code=rule.item_code, applicant_id=certificate.holder_id
        )
        if application.case_id != own and rule.window.holds(civil_date(application.received_at))
    ]


def pending_renewal(certificate: Certificate, today: date) -> str:
    """What keeps an expiring certificate in force (行政许可法 §50): the subject of the
    application, or "" where there is none or the item's law knows no such effect."""
    rule = rule_of(certificate)
    if rule is None or not rule.is_deemed:
        return ""
    found = applications_in_window(certificate, rule)
    return f"case:{found[0]}" if found else ""


def start_reminders(certificate: Certificate, *, at: datetime) -> None:
    """Two looks: when the window opens, and ten days before it closes."""
    rule = rule_of(certificate)
    if rule is None:
        return
    set_timers(
        certificate.record_subject,
        {
            OPENS: start_of_day(rule.window.opens_on) + MORNING,
            CLOSES: start_of_day(rule.window.reminds_on) + MORNING,
        },
    )


def remind(subject: str, occasion: str, *, at: datetime) -> None:
    """Queue the reminder, unless there is nothing to remind of."""
    if still_to_renew(subject, occasion):
        return
    certificate = _certificate(subject)
    rule = rule_of(certificate) if certificate is not None else None
    if certificate is None or rule is None or civil_date(at) > rule.window.closes_on:
        return
    until = chinese_date(certificate.valid_until) if certificate.valid_until else ""
    last = chinese_date(rule.window.closes_on)
    queue(
        kind=KIND,
        subject=subject,
        occasion=occasion,
        recipient_id=certificate.holder_id,
        title=f"「{certificate.name}」快到期了"[:120],
        body=f"您的「{certificate.name}」({certificate.number})有效到 {until}。需要继续的,"
        f"请在 {last} 前申请「{rule.item_name}」。",
        link=rule.guide_url,
        at=at,
    )


def _certificate(subject: str) -> Certificate | None:
    key = subject.removeprefix("certificate:")
    return Certificate.objects.filter(pk=int(key)).first()


def still_to_renew(subject: str, occasion: str) -> str:
    """A reminder is true while the certificate is valid and nobody has begun to renew it."""
    row = _certificate(subject)
    if row is None or row.status != CertificateStatus.VALID or row.valid_until is None:
        return "证照已经不是有效状态"
    newer = Certificate.objects.filter(
        holder_id=row.holder_id,
        kind=row.kind,
        status=CertificateStatus.VALID,
        valid_until__gt=row.valid_until,
    )
    if newer.exists():
        return "已经有有效期更长的新证"
    rule = rule_of(row)
    if rule is not None and applications_in_window(row, rule):
        return "持证人已经申请延续"
    return ""
