"""Make complete drafts and cases ready for decision, and print their ids as JSON."""

from __future__ import annotations

import json
import sys


def main(drafts: int, decisions: int) -> None:
    from yiwang.site.cli import connected

    with connected():
        from tests.acting import accepted, actor, draft, reviewed
        from yiwang.foundation.clockwork import now
        from yiwang.site.measuring.stock import clone_drafts

        at = now()
        citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
        reviewer = actor("zhao-review", at)
        item = "food-business-licence"
        template = draft(item, by=citizen, at=at).pk
        found = {
            "drafts": clone_drafts(str(template), drafts),
            "cases": [
                [case.pk, case.version]
                for case in (
                    reviewed(
                        accepted(item, by=citizen, clerk=clerk, at=at), reviewer=reviewer, at=at
                    )
                    for _ in range(decisions)
                )
            ],
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
