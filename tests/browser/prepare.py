"""Cases in every state in a running house, and their ids as JSON: what the page walk looks at."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

FOOD, ELDER, PLANNING = "food-business-licence", "elder-card", "planning-permit"


def unanswered() -> int:
    """A case at the window that nobody has looked at yet."""
    from yiwang.site.cli import connected

    with connected():
        from tests import acting
        from yiwang.apps.people.models import Party
        from yiwang.foundation.clockwork import now

        at = now()
        firm = next(p for p in Party.objects.filter(kind="ENTERPRISE") if "小满" in p.label)
        owner = acting.actor("lin-xiaoman", at)
        return acting.received(FOOD, by=owner, at=at, applicant=firm, hall="taolin-hall").pk


def main() -> dict[str, object]:
    """Ids by name: a draft, cases by state, a finished one's check code and rating token."""
    from yiwang.site.cli import connected

    with connected():
        from tests import acting
        from yiwang.apps.cases.operations import deciding, delivering, receiving, reviewing
        from yiwang.apps.catalog.models import ItemVersion
        from yiwang.apps.people.models import Account, Party, Post
        from yiwang.apps.ratings.operations import invite, token_of
        from yiwang.foundation.clockwork import now
        from yiwang.foundation.documents.models import LegalDocument

        at = now()
        who = {
            login: acting.actor(login, at)
            for login in (
                "lin-xiaoman", "gulinaer", "wang-shouren", "chen-window", "he-window",
                "zhao-review", "feng-review", "sun-approve", "zhou-review", "zheng-approve",
            )
        }  # fmt: skip
        firms = {p.label: p for p in Party.objects.filter(kind="ENTERPRISE")}
        firm = next(p for label, p in firms.items() if "小满" in label)
        estate = next(p for label, p in firms.items() if "向阳" in label)
        owner, clerk = who["lin-xiaoman"], who["chen-window"]
        at_desk = {"by": owner, "at": at, "applicant": firm, "hall": "taolin-hall"}

        started = acting.draft(FOOD, **at_desk)
        received = acting.received(FOOD, **at_desk)
        asked = acting.received(FOOD, **at_desk)
        receiving.request_correction(
            case_id=asked.pk, items=[("经营场所布局图和主要设备设施", "没有标明洗手设施,请标出。")],
            actor=clerk, at=at,
        )  # fmt: skip
        review = acting.accepted(FOOD, clerk=clerk, **at_desk)
        decide = acting.reviewed(
            acting.accepted(FOOD, clerk=clerk, **at_desk), reviewer=who["zhao-review"], at=at
        )
        refused = acting.reviewed(
            acting.accepted(FOOD, clerk=clerk, **at_desk), reviewer=who["zhao-review"], at=at
        )
        deciding.refuse(
            case_id=refused.pk, facts="现场没有清洗消毒设施。", articles=["食品安全法 §33(1)"],
            reason="不具备法定的设备设施条件。", actor=who["sun-approve"], at=at,
        )  # fmt: skip
        paused = acting.accepted(
            PLANNING, by=who["gulinaer"], clerk=who["he-window"], at=at, applicant=estate
        )
        reviewing.pause(
            case_id=paused.pk, ground="expert_review", expected="10wd",
            reason="方案需要专家评审。", actor=who["feng-review"], at=at,
        )  # fmt: skip

        # Received twelve days ago, stopped for five working days: a strip with something on it.
        day = timedelta(days=1)
        told = acting.accepted(
            PLANNING, by=who["gulinaer"], clerk=who["he-window"], at=at - 12 * day, applicant=estate
        )
        reviewing.pause(
            case_id=told.pk, ground="expert_review", expected="5wd",
            reason="方案需要专家评审。", actor=who["feng-review"], at=at - 9 * day,
        )  # fmt: skip
        reviewing.resume(case_id=told.pk, actor=who["feng-review"], at=at - 4 * day)

        def elder_granted():
            case = acting.reviewed(
                acting.accepted(ELDER, by=who["wang-shouren"], clerk=who["he-window"], at=at),
                reviewer=who["zhou-review"],
                at=at,
            )
            deciding.grant(case_id=case.pk, actor=who["zheng-approve"], at=at)
            acting.make_documents(case, at)
            return case

        ready, done = elder_granted(), elder_granted()
        delivering.deliver_online(case_id=done.pk, actor=who["wang-shouren"], at=at)
        invite(
            case_id=done.pk, item_code=ELDER, item_name=done.item_name,
            short_number=done.short_number, organ_id=done.organ_id,
            party_id=done.applicant_id, at=at,
        )  # fmt: skip
        return {
            "draft": str(started.pk),
            "received": received.pk,
            "asked": asked.pk,
            "review": review.pk,
            "decide": decide.pk,
            "refused": refused.pk,
            "paused": paused.pk,
            "told": told.pk,
            "ready": ready.pk,
            "done": done.pk,
            "short_number": received.short_number,
            "check_code": LegalDocument.objects.get(
                subject=done.subject, kind="CERTIFICATE"
            ).check_code,
            "certificate": str(
                LegalDocument.objects.get(subject=done.subject, kind="CERTIFICATE").pk
            ),
            "token": token_of(done.pk),
            "version": ItemVersion.objects.order_by("pk").values_list("pk", flat=True)[0],
            "account": Account.objects.get(login="zhao-review").pk,
            "post": Post.objects.order_by("pk").values_list("pk", flat=True)[0],
        }


if __name__ == "__main__":
    print(json.dumps(unanswered() if sys.argv[1:] == ["unanswered"] else main()))
