"""What the acts on a case ask for. Every act names the version the caller saw."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from yiwang.apps.people.public import PartyKind
from yiwang.foundation.api.bounds import (
    NO_NUL,
    Answers,
    Body,
    BodyId,
    Code,
    Day,
    Line,
    Note,
    Slug,
    Version,
    Word,
)
from yiwang.foundation.documents.kinds import DeclineGround
from yiwang.kernel.identifiers.kinds import PaperKind

Codes = Annotated[list[Code], Field(max_length=100)]
Expected = Annotated[
    str,
    StringConstraints(pattern=r"^([0-9]{1,3}(wd|d)|[0-9]{1,2}mon)$"),
    Field(description="预计所需时间:15wd(工作日)、30d(自然日)、2mon(月)"),
]
Number = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=NO_NUL)]


class Identity(Body):
    """Who stands at the window, from a paper. `name` may be blank for somebody registered."""

    kind: PartyKind
    paper_kind: PaperKind
    number: Number
    name: Word = ""
    phone: Annotated[str, StringConstraints(max_length=30, pattern=NO_NUL)] = ""


class AtWindow(Body):
    """An application taken in at a counter; `filer` is who brings it for an organisation,
    `hand_to` one of several halls that handle an item this window does not have (代收)."""

    applicant: Identity
    filer: Identity | None = None
    hand_to: Slug | None = None


class StartDraft(Body):
    """Online: `hall` is one of /halls, `applicant_id` oneself (left out) or an organisation one
    represents. At a window: `at_window` says who stands there, and the hall is the window's."""

    item: Slug
    hall: Slug | None = None
    applicant_id: BodyId | None = None
    at_window: AtWindow | None = None


class SaveDraft(Body):
    """Answers are merged into what is saved; null takes one away. `paper`: materials handed over
    on paper (at a window); `handed_back`: those that were scanned and given back at once."""

    version: Version
    form: Answers
    paper: Codes | None = None
    handed_back: Codes | None = None


class Commitment(Body):
    """`code` of a commitment of the item; null for the ordinary way."""

    code: Code | None


class Seen(Body):
    """The version of the case the caller saw: another one is a conflict."""

    version: Version


class Tick(Seen):
    """The points that hold (others are cleared), and what has to be corrected."""

    points: Codes
    problem: Line = ""


class WithReason(Seen):
    reason: Note


class Withdraw(Seen):
    reason: Line = ""


class CorrectionLine(Body):
    what: Line
    why: Line


class RequestCorrection(Seen):
    """Everything at once: there is no second time."""

    items: Annotated[list[CorrectionLine], Field(max_length=60)]


class NotRequired(WithReason):
    article: Line


class Decline(NotRequired):
    ground: DeclineGround
    right_organ: Word = ""
    facts: Note


class Opinion(Seen):
    step: Code
    conclusion: Literal["AGREE", "DISAGREE"]
    opinion: Note
    second_person: Annotated[str, StringConstraints(max_length=60, pattern=NO_NUL)] = ""


class PauseIn(WithReason):
    """`began_on`: where the fact began before today; the clock stops from today all the same."""

    ground: Code
    expected: Expected
    began_on: Day | None = None


class Resume(Seen):
    """`pause` names one of several; the only open one where it is left out."""

    pause: Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9_]*$")] = ""


class Grant(Seen):
    opinion: Note = ""


class Refuse(WithReason):
    facts: Note
    articles: Annotated[list[Line], Field(max_length=20)]


class SeenOriginal(Body):
    """One original held against its copy; `note` says in what it differs."""

    material: Code
    is_match: bool
    note: Line = ""


class CheckOriginals(Seen):
    originals: Annotated[list[SeenOriginal], Field(max_length=60)]


class DeliverAtWindow(Seen):
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class Progress(Body):
    """What stands on the receipt."""

    number: Number
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
