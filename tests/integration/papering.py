"""A paper of every kind with words to choose, as the rooms that issue it make it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.apps.cases import papers
from yiwang.apps.cases.models import Case
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.certificates import papers as certificate_papers
from yiwang.apps.certificates.domain.grounds import CANCELLATION, REVOCATION
from yiwang.apps.certificates.hooks import Remedy
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.apps.oversight.models import FollowUpCheck
from yiwang.apps.oversight.papers import rectification_order
from yiwang.foundation.documents.content import Document, Field, ItemList, ListedItem
from yiwang.foundation.documents.kinds import DeclineGround, DocumentKind
from yiwang.kernel.moment import civil_date


def paper_of(kind: DocumentKind, case: Case, at: datetime) -> Document:
    """The paper of this kind about this case."""
    face = papers.Face(case, definition_of(case.item_version_id), "林小满", at)
    on = civil_date(at)
    why = {"reason": "理由", "article": "《某法》第一条"}
    law = {"facts": "事实", **why}
    ways: dict[DocumentKind, Any] = {
        DocumentKind.RECEIPT: lambda: papers.receipt(
            face, received=["图"], held=[], due_on=on, query_code="123456"
        ),
        DocumentKind.CORRECTION_NOTICE: lambda: papers.correction_notice(
            face, items=[("图", "缺章")], until=on
        ),
        DocumentKind.ACCEPTANCE_NOTICE: lambda: papers.acceptance_notice(
            face, is_deemed=False, promised=on, statutory=on
        ),
        DocumentKind.NOT_REQUIRED_NOTICE: lambda: papers.not_required_notice(face, **why),
        DocumentKind.DECLINE_NOTICE: lambda: papers.decline_notice(
            face, ground=DeclineGround.OTHER, right_organ="", **law
        ),
        DocumentKind.PAUSE_NOTICE: lambda: papers.pause_notice(
            face, ground="评审", time_needed="15个工作日", **why
        ),
        DocumentKind.EXTENSION_NOTICE: lambda: papers.extension_notice(
            face, time="5个工作日", approver="局长", **why
        ),
        DocumentKind.GRANT_DECISION: lambda: papers.grant_decision(
            face, articles=("《某法》第一条",), opinion=""
        ),
        DocumentKind.REFUSAL_DECISION: lambda: papers.refusal_decision(
            face, facts="事实", articles=("《某法》第一条",), reason="理由"
        ),
        DocumentKind.DEFERRAL_NOTICE: lambda: papers.deferral_notice(
            face, gaps=["图"], until=on, time="5个工作日", promised=on
        ),
        DocumentKind.TERMINATION_NOTICE: lambda: papers.termination_notice(
            face, title="终止办理告知书", ground="申请人撤回", **law
        ),
        DocumentKind.FORWARD_NOTICE: lambda: papers.forward_notice(
            face, system="省级系统", receipt="", opinion="", contact=""
        ),
        DocumentKind.PROCEDURE_NOTICE: lambda: papers.procedure_notice(
            face, title="听证告知书", paragraph="将举行听证。", fields=[], **why
        ),
        DocumentKind.DELIVERY_RECEIPT: lambda: papers.delivery_receipt(
            face, papers=["证"], how="窗口", by="何"
        ),
        DocumentKind.COMMITMENT: lambda: papers._paper(
            face,
            kind,
            "",
            fields=(Field("种类", "告知承诺"),),
            articles=("《某法》第一条",),
            lists=(ItemList("要点", (ListedItem("一"),)),),
        ),
    }
    if kind in ways:
        return ways[kind]().document
    return _about_a_certificate(kind, at)


def _about_a_certificate(kind: DocumentKind, at: datetime) -> Document:
    found = Certificate.objects.select_related("organ", "holder").order_by("id")[0]
    on, remedy = civil_date(at), Remedy("市政府", "某路1号", "某法院")
    proposal = RevocationProposal(facts="事实", reason="理由", notified_at=at)
    ways: dict[DocumentKind, Any] = {
        DocumentKind.REVOCATION_NOTICE: lambda: (
            certificate_papers.revocation_notice(found, proposal, REVOCATION[0], on, at).document
        ),
        DocumentKind.REVOCATION_DECISION: lambda: (
            certificate_papers.revocation_decision(
                found, proposal, REVOCATION[0], "理由", remedy, at
            ).document
        ),
        DocumentKind.CANCELLATION_NOTICE: lambda: (
            certificate_papers.cancellation_notice(
                found, CANCELLATION[0], "理由", remedy, at
            ).document
        ),
        DocumentKind.RECTIFICATION_ORDER: lambda: rectification_order(
            FollowUpCheck(
                organ=found.organ,
                applicant=found.holder,
                item_name="某事",
                short_number="1",
                article="《某法》第一条",
                points=["一"],
            ),
            text="事实",
            people="甲、乙",
            until=on,
            at=at,
        ),
    }
    return ways[kind]()
