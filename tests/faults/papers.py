"""What the keeping tests ask of a city: its documents' addresses, its counters."""

from __future__ import annotations

import json
import sys


def documents(before: str) -> list[dict[str, str]]:
    """Documents that were ready at an instant: where they are downloaded, and the digest of what
    must come. What was made later differs from city to city: its signature tells the time."""
    from yiwang.foundation.documents.models import LegalDocument

    rows = LegalDocument.objects.filter(
        status="READY", subject__startswith="case:", ready_at__lt=before
    ).order_by("pk")
    return [{"url": f"/documents/{row.pk}/", "sha256": row.file_id or ""} for row in rows]


def spend(name: str, times: int) -> list[int]:
    """Count so often against a limit of five; what each was answered."""
    from yiwang.foundation.limits.counting import spend
    from yiwang.foundation.limits.rules import Limit

    return [spend("search", Limit(5, 600), name) for _ in range(times)]


def main() -> None:
    from yiwang.site.cli import connected

    with connected():
        what, argument = sys.argv[1:3]
        found = documents(argument) if what == "documents" else spend(argument, 3)
        print(json.dumps(found))


if __name__ == "__main__":
    main()
