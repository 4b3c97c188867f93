"""Branches of an item beyond the plain way: each is data with its article, none is code.

容缺受理, 告知承诺, special procedures, renewal, an item that another system decides, English.
"""

from __future__ import annotations

from pydantic import Field

from yiwang.apps.catalog.domain.parts import Code, LimitText, Part, Text
from yiwang.apps.catalog.domain.vocabulary import (
    CommitmentKind,
    CorrectionOverdue,
    HandlingSystem,
    Mark,
    ProcedureKind,
)


class Handling(Part):
    """Which system decides. `name` is that system's name where it is not this platform."""

    system: HandlingSystem = HandlingSystem.OWN
    name: str = ""
    note: str = ""

    @property
    def is_own(self) -> bool:
        return self.system is HandlingSystem.OWN


class When(Part):
    """Holds where the answer to `field` is one of `values` (for several answers: has one)."""

    field: Code
    values: tuple[str | bool | int, ...] = Field(min_length=1)

    def holds(self, form: dict[str, object]) -> bool:
        answer = form.get(self.field)
        answers = answer if isinstance(answer, list) else [answer]
        return any(
            one == value and type(one) is type(value) for one in answers for value in self.values
        )


class Deferral(Part):
    """容缺受理: accepted with listed materials still to come, against a promise in writing.

    No decision while a gap is open. `limit` runs from acceptance.
    """

    limit: LimitText
    overdue: CorrectionOverdue = CorrectionOverdue.TERMINATE
    article: str = ""
    source: str = ""
    mark: Mark


class Commitment(Part):
    """告知承诺, which the applicant may choose instead of the ordinary way.

    `replaces`: materials that the promise stands for; `skips`: review steps that then come after
    the decision, as a check by the supervising organ within `check_within` of it.
    """

    code: Code
    kind: CommitmentKind
    title: Text
    text: Text
    replaces: tuple[Code, ...] = ()
    skips: tuple[Code, ...] = ()
    check_within: LimitText = "30wd"
    check_points: tuple[Text, ...] = Field(min_length=1)
    excluded: tuple[When, ...] = ()
    excluded_note: str = ""
    consequence: Text
    article: Text
    mark: Mark


class ProcedureRule(Part):
    """A special procedure the item's law knows. `pause_ground`: the stop that goes with it; none
    where the law stops no clock (公示 is not in §45)."""

    code: Code
    kind: ProcedureKind
    name: Text
    is_required: bool = False
    pause_ground: str = ""
    days: str = Field(default="", pattern=r"^(\d{1,4}(wd|d|mon))?$")
    article: Text
    mark: Mark
    note: str = ""


class Renewal(Part):
    """延续: apply between `opens` and `closes` before the expiry; not decided before it → deemed
    renewed where `is_deemed` (行政许可法 §50)."""

    opens: LimitText
    closes: LimitText
    is_deemed: bool = True
    years: int = Field(default=5, ge=1, le=99)
    article: Text
    mark: Mark


class Blank(Part):
    """The numbered blank stock (空白证照) a result is printed on. `code` names the series: its
    numbers are unique within it, whichever items print on it."""

    code: Code
    name: Text


class English(Part):
    """The guide in English: what a reader needs to prepare and where to go."""

    name: Text
    summary: Text
    conditions: tuple[Text, ...] = ()
    materials: dict[str, Text] = Field(default_factory=dict)
    steps: tuple[Text, ...] = ()
    result: Text
    fee: Text
    note: Text
