"""After the kills: nothing acknowledged is lost, nothing is done twice. Prints what is wrong."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def waiting() -> int:
    """How much is waiting to be delivered, made or sent."""
    from yiwang.foundation.documents.models import LegalDocument
    from yiwang.foundation.messaging.models import Message
    from yiwang.foundation.outbox.models import OutboxEvent

    return sum(
        model.objects.filter(status="PENDING").count()
        for model in (OutboxEvent, LegalDocument, Message)
    )


def faults(told: dict[str, Any]) -> list[str]:
    """What is lost or doubled. `told`: what the platform acknowledged."""
    from yiwang.apps.cases.models import Case, CaseDecision
    from yiwang.apps.certificates.models import Certificate
    from yiwang.foundation.documents.models import LegalDocument
    from yiwang.foundation.environment import environment
    from yiwang.foundation.messaging.models import Message
    from yiwang.site.verifying import verify_all

    found = [f"{f[0]}: {f[2]}" for f in verify_all(environment().roots).findings]
    keys = {str(key): pk for key, pk in Case.objects.values_list("filing_key", "id")}
    for key, identifier in told["submitted"].items():
        if keys.get(key) != identifier:
            found.append(f"draft {key} acknowledged as case {identifier} is not there")
    decided = set(CaseDecision.objects.values_list("case_id", flat=True))
    found += [f"decision on {pk} is lost" for pk in told["granted"] if pk not in decided]
    for pk in decided:
        if Certificate.objects.filter(subject=f"case:{pk}").count() != 1:
            found.append(f"case {pk} has not exactly one certificate")
    kinds = Counter(LegalDocument.objects.values_list("subject", "kind"))
    found += [f"{subject} has {n} × {kind}" for (subject, kind), n in kinds.items() if n != 1]
    occasions = Counter(Message.objects.values_list("subject", "kind", "occasion", "channel"))
    found += [f"message {key} {n} times" for key, n in occasions.items() if n != 1]
    found += _gaps()
    return found


def _gaps() -> list[str]:
    """Gap-free series: as many documents as the last number, none missing."""
    from yiwang.foundation.documents.models import LegalDocument, NumberSeries
    from yiwang.kernel.numbering import NumberingError, parse_document_number

    serials: dict[str, set[int]] = {}
    for number in LegalDocument.objects.values_list("number", flat=True):
        try:
            parts = parse_document_number(number)
        except NumberingError:
            continue
        serials.setdefault(f"{parts.word}〔{parts.year}〕", set()).add(parts.serial)
    return [
        f"series {series.key} has gaps"
        for series in NumberSeries.objects.all()
        if serials.get(series.key) != set(range(1, series.last + 1))
    ]


def main() -> None:
    from yiwang.site.cli import connected

    with connected():
        if sys.argv[1] == "waiting":
            found: Any = waiting()
        else:
            # By file: a thousand kills are more acknowledgements than an argument can hold.
            found = faults(json.loads(Path(sys.argv[2]).read_text()))
        print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
