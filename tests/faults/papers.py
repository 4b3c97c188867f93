"""What the keeping tests ask of a city: its documents' addresses, its counters."""

from __future__ import annotations

import json
import sys


def documents() -> list[dict[str, str]]:
    """Ready documents: where they are downloaded, and the digest of what must come."""
    from yiwang.foundation.documents.models import LegalDocument

    rows = LegalDocument.objects.filter(status="READY", subject__startswith="case:")
    return [{"url": f"/documents/{row.pk}/", "sha256": row.file_id or ""} for row in rows]


def spend(name: str, times: int) -> list[int]:
    """Count so often against a limit of five; what each was answered."""
    from yiwang.foundation.limits.counting import spend
    from yiwang.foundation.limits.rules import Limit

    return [spend("search", Limit(5, 600), name) for _ in range(times)]


def main() -> None:
    from yiwang.site.cli import connected

    with connected():
        found = documents() if sys.argv[1] == "documents" else spend(sys.argv[2], 3)
        print(json.dumps(found))


if __name__ == "__main__":
    main()
