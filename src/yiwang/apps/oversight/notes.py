"""What oversight adds to somebody's certificates: when to renew, and checks of a promise."""

from __future__ import annotations

from datetime import date

from yiwang.apps.certificates.public import Certificate, CertificateStatus, Note
from yiwang.apps.oversight.models import FollowUpCheck
from yiwang.apps.oversight.operations.renewing import RenewalRule, rules_of
from yiwang.foundation.shell.dates import cn_date

TONES = {
    "PENDING": "info",
    "RECTIFYING": "danger",
    "PASSED": "success",
    "TRANSFERRED": "danger",
    "CLOSED": "neutral",
}


def notes_of(certificates: list[Certificate], today: date) -> dict[int, list[Note]]:
    """Certificate → its notes; three statements however many there are."""
    found: dict[int, list[Note]] = {}
    for key, rule in rules_of(certificates).items():
        row = next(c for c in certificates if c.pk == key)
        if row.status == CertificateStatus.VALID:
            found.setdefault(key, []).append(_renewal(rule, today))
    keys = [row.pk for row in certificates]
    checks = FollowUpCheck.objects.filter(certificate_id__in=keys).select_related("organ")
    for check in checks.order_by("id") if keys else []:
        if check.certificate_id is not None:
            found.setdefault(check.certificate_id, []).append(_check(check))
    return found


def _renewal(rule: RenewalRule, today: date) -> Note:
    window = rule.window
    if window.holds(today):
        text = f"现在可以申请,请在 {cn_date(window.closes_on)} 前申请。"
        tone = "warning"
    elif today < window.opens_on:
        text, tone = f"{cn_date(window.opens_on)} 起可以申请。", "neutral"
    else:
        text, tone = "已经过了申请延续的时间,需要继续的请尽快联系发证机关。", "warning"
    return Note("延续", tone, text, rule.guide_url, "看办事指南")


def _check(check: FollowUpCheck) -> Note:
    words = {
        "PENDING": f"{check.organ.name}将在 {cn_date(check.due_on)} 前核查您的承诺。",
        "RECTIFYING": f"核查与承诺不符,请在 {cn_date(check.rectify_until)} 前改正。",
        "PASSED": f"{check.organ.name}核查符合承诺。",
        "TRANSFERRED": "整改期满仍不符合承诺,已移送发证机关,决定以前会告知您听证等权利。",
        "CLOSED": "证照已经失效,承诺不再核查。",
    }
    return Note(
        f"承诺核查:{check.state_label}",
        TONES[check.state],
        words[check.state],
        f"/my/follow-ups/{check.pk}/",
        "看核查情况",
    )
