"""Ends and changes that need two people: 终止, 作废, 更正, and the second person's word."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.files import UploadedFile
from ninja.params import functions as parameter

from yiwang.apps.cases.api_acts import ALSO, VERSION, VersionText, visible
from yiwang.apps.cases.api_bodies import Seen, WithReason
from yiwang.apps.cases.api_schemas import CaseBrief, ProposalOut
from yiwang.apps.cases.api_telling import brief, proposal_out
from yiwang.apps.cases.domain.endings import TerminationGround
from yiwang.apps.cases.operations import ending, proposing
from yiwang.foundation.api.auth import caller
from yiwang.foundation.api.bounds import Answers, Flag, Id, Line, Note
from yiwang.foundation.api.declaring import endpoint
from yiwang.foundation.api.parsing import content_of, only

router = Router(tags=["办件的其他办理"])
GROUND: Any = parameter.Form(..., description="终止的情形:由材料证明的")
WORDS: Any = parameter.Form(...)
PROOF: Any = parameter.File([], max_length=1, description="证明材料:PDF、JPG、PNG,最大 20 MB")


class Terminate(WithReason):
    ground: TerminationGround
    facts: Note
    article: Line


class CorrectData(WithReason):
    """`form`: the answers that change; the others stay."""

    form: Answers


class DecideProposal(Seen):
    is_approved: Flag
    note: Line = ""


@endpoint(
    router, "POST", "/cases/{case_id}/terminate", answers=CaseBrief, summary="终止办理", also=ALSO
)
def terminate(request: HttpRequest, case_id: Id, body: Terminate) -> CaseBrief:
    """In writing, on a ground that a clock proves; the applicant may apply again."""
    return brief(
        ending.terminate(
            ground=body.ground.value,
            facts=body.facts,
            reason=body.reason,
            article=body.article,
            version=body.version,
            **visible(request, case_id),
        )
    )


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/propose-termination",
    answers=ProposalOut,
    summary="提出终止办理",
    also=ALSO,
)
def propose_termination(
    request: HttpRequest,
    case_id: Id,
    ground: Annotated[TerminationGround, GROUND],
    facts: Annotated[Note, WORDS],
    reason: Annotated[Note, WORDS],
    article: Annotated[Line, WORDS],
    version: VersionText = VERSION,
    file: list[UploadedFile] = PROOF,
) -> ProposalOut:
    """On a ground that rests on a paper, which is the file; a second person decides."""
    only(request, "ground", "facts", "reason", "article", "version", "file")
    proof = (file[0].name or "文件", content_of(file[0])) if file else None
    return proposal_out(
        proposing.propose_termination(
            ground=ground.value,
            facts=facts,
            reason=reason,
            article=article,
            proof=proof,
            version=version,
            **visible(request, case_id),
        )
    )


@endpoint(
    router, "POST", "/cases/{case_id}/void", answers=ProposalOut, summary="提出作废", also=ALSO
)
def void(request: HttpRequest, case_id: Id, body: WithReason) -> ProposalOut:
    """Propose; a second person decides (POST /proposals/{id}/decide)."""
    who = visible(request, case_id)
    return proposal_out(
        proposing.propose(kind="VOID", reason=body.reason, version=body.version, **who)
    )


@endpoint(
    router,
    "POST",
    "/cases/{case_id}/correct-data",
    answers=ProposalOut,
    summary="提出更正办件信息",
    also=ALSO,
)
def correct_data(request: HttpRequest, case_id: Id, body: CorrectData) -> ProposalOut:
    """Propose; nothing changes before a second person agrees."""
    return proposal_out(
        proposing.propose(
            kind="CORRECT_DATA",
            reason=body.reason,
            form=dict(body.form),
            version=body.version,
            **visible(request, case_id),
        )
    )


@endpoint(
    router,
    "POST",
    "/proposals/{proposal_id}/decide",
    answers=CaseBrief,
    summary="第二人确认变更",
    also=ALSO,
)
def decide_proposal(request: HttpRequest, proposal_id: Id, body: DecideProposal) -> CaseBrief:
    """Agree, and it takes effect at once, or decline with a reason; never by the proposer."""
    actor, at = caller(request)
    return brief(
        proposing.decide_proposal(
            proposal_id=proposal_id,
            is_approved=body.is_approved,
            note=body.note,
            version=body.version,
            actor=actor,
            at=at,
        )
    )
