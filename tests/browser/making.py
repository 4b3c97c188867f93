"""Cases in every state for the page walk, by the operations; imported only where Django is up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests import acting
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import deciding, delivering, receiving, stopping
from yiwang.apps.cases.public import case_facts
from yiwang.apps.catalog.models import ItemVersion
from yiwang.apps.people.models import Account, Party, Post
from yiwang.apps.ratings.domain.vocabulary import RatingPoint
from yiwang.apps.ratings.operations.inviting import invite, service_of_case, token_of
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument

FOOD, ELDER, PLANNING = "food-business-licence", "elder-card", "planning-permit"
DAY = timedelta(days=1)


def firm(part: str) -> Party:
    """The demonstration's company with this in its name."""
    return next(p for p in Party.objects.filter(kind="ENTERPRISE") if part in p.label)


def at_taolin(at: datetime) -> dict[str, Any]:
    """小满餐饮 at the hall of 桃林区, in the words of tests.acting."""
    owner = acting.actor("lin-xiaoman", at)
    return {"by": owner, "at": at, "applicant": firm("小满"), "hall": "taolin-hall"}


def unanswered() -> int:
    """A case at the window that nobody has looked at yet."""
    return int(acting.received(FOOD, **at_taolin(now())).pk)


def everything() -> dict[str, Any]:
    """Ids by name, for the addresses of the page walk."""
    at = now()
    return food(at) | planning(at) | elder(at) | others()


def food(at: datetime) -> dict[str, Any]:
    """食品经营许可: a draft, then cases received, asked to correct, reviewed, decided, refused."""
    clerk, reviewer = acting.actor("chen-window", at), acting.actor("zhao-review", at)
    received, asked = (acting.received(FOOD, **at_taolin(at)) for _ in range(2))
    receiving.request_correction(
        case_id=asked.pk,
        items=[("经营场所布局图和主要设备设施", "没有标明洗手设施,请标出。")],
        actor=clerk,
        at=at,
    )
    review, decide, refused = (
        acting.accepted(FOOD, clerk=clerk, **at_taolin(at)) for _ in range(3)
    )
    for case in (decide, refused):
        acting.reviewed(case, reviewer=reviewer, at=at)
    deciding.refuse(
        case_id=refused.pk,
        facts="现场没有清洗消毒设施。",
        articles=["食品安全法 §33(1)"],
        reason="不具备法定的设备设施条件。",
        actor=acting.actor("sun-approve", at),
        at=at,
    )
    return {
        "draft": str(acting.draft(FOOD, **at_taolin(at)).pk),
        "received": received.pk,
        "short_number": received.short_number,
        "asked": asked.pk,
        "review": review.pk,
        "decide": decide.pk,
        "refused": refused.pk,
    }


def planning(at: datetime) -> dict[str, Any]:
    """建设工程规划许可: a clock that stands, and one that stood: a strip with something on it.

    Of the seven working days at most five are counted, whatever weekday it is: some are left."""
    paused, told = planned(at), planned(at - 9 * DAY)
    reviewer = acting.actor("feng-review", at)
    for case, day in ((paused, at), (told, at - 8 * DAY)):
        stopping.pause(
            case_id=case.pk,
            ground="expert_review",
            expected="10wd",
            reason="方案需要专家评审。",
            actor=reviewer,
            at=day,
        )
    stopping.resume(case_id=told.pk, actor=reviewer, at=at - 4 * DAY)
    return {"paused": paused.pk, "told": told.pk}


def planned(at: datetime) -> Case:
    """A case of 向阳置业, accepted."""
    owner, clerk = acting.actor("gulinaer", at), acting.actor("he-window", at)
    return acting.accepted(PLANNING, by=owner, clerk=clerk, at=at, applicant=firm("向阳"))


def elder(at: datetime) -> dict[str, Any]:
    """老年人证: one ready to be signed for, one signed for, with its papers and its rating, and one
    that waits for its first opinion."""
    ready, done = (granted(at) for _ in range(2))
    owner, clerk = acting.actor("wang-shouren", at), acting.actor("he-window", at)
    instant = acting.accepted(ELDER, by=owner, clerk=clerk, at=at)
    delivering.deliver_online(case_id=done.pk, actor=acting.actor("wang-shouren", at), at=at)
    # As the outbox will a moment later; a second invitation changes nothing.
    invite(service_of_case(case_facts(done.pk), RatingPoint.ISSUE), at=at)
    certificate = LegalDocument.objects.get(subject=done.subject, kind="CERTIFICATE")
    return {
        "ready": ready.pk,
        "done": done.pk,
        "instant": instant.pk,
        "certificate": str(certificate.pk),
        "check_code": certificate.check_code,
        "token": token_of(done.pk),
    }


def granted(at: datetime) -> Case:
    """王守仁's case, decided, with its papers made."""
    owner, clerk = acting.actor("wang-shouren", at), acting.actor("he-window", at)
    case = acting.accepted(ELDER, by=owner, clerk=clerk, at=at)
    acting.reviewed(case, reviewer=acting.actor("zhou-review", at), at=at)
    deciding.grant(case_id=case.pk, actor=acting.actor("zheng-approve", at), at=at)
    acting.make_documents(case, at)
    return case


def others() -> dict[str, Any]:
    """A version, an account and a post for their own pages."""
    return {
        "version": ItemVersion.objects.order_by("pk").values_list("pk", flat=True)[0],
        "account": Account.objects.get(login="zhao-review").pk,
        "post": Post.objects.order_by("pk").values_list("pk", flat=True)[0],
    }
