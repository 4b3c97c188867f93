"""The definition of a service item: the one source of guide, form, list, route, clock and result.

A definition is a value: it is read from a package, checked, published as an immutable version and
never edited after. Everything a page or a clock says about an item is computed from it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from yiwang.apps.catalog.domain.parts import Code, LimitText, Part, Text
from yiwang.apps.catalog.domain.special import (
    Blank,
    Commitment,
    Deferral,
    English,
    Handling,
    ProcedureRule,
    Renewal,
    When,
)
from yiwang.apps.catalog.domain.vocabulary import (
    Acceptor,
    ApproverRole,
    Audience,
    CaseKind,
    CorrectionOverdue,
    DeemedAcceptance,
    Depth,
    ItemKind,
    Mark,
    MaterialForm,
    MaterialSource,
    Regime,
    ResultKind,
    ZeroVisitMode,
)
from yiwang.kernel.clock import Limit, StartEvent


class Basis(Part):
    """One article the item rests on."""

    law: Text
    article: str = ""
    text: str = ""


class LimitFigure(Part):
    """A limit with where it comes from and how well it is known."""

    limit: LimitText
    start: StartEvent = StartEvent.ACCEPTED
    article: str = ""
    source: str = ""
    mark: Mark
    note: str = ""

    def to_limit(self, rest_article: str = "") -> Limit:
        """The kernel's limit; `rest_article` says why rest days are not counted."""
        return Limit.parse(
            self.limit, start=self.start, article=self.article, rest_article=rest_article
        )


class Limits(Part):
    """The limits of an item. `statutory` None: the law sets none (then none is invented)."""

    receipt: LimitFigure
    statutory: LimitFigure | None = None
    promised: LimitFigure
    delivery: LimitFigure | None = None


class ExtensionRule(Part):
    limit: LimitText
    approver: ApproverRole
    article: Text
    mark: Mark


class PauseGround(Part):
    """A lawful ground for stopping the clock; what is not listed here cannot stop it."""

    code: Code
    label: Text
    article: Text
    stops_statutory: bool = True
    mark: Mark = Mark.READ


class CorrectionRule(Part):
    """补正 before acceptance: how long the applicant has, what silence leads to."""

    limit: LimitText = "30d"
    overdue: CorrectionOverdue = CorrectionOverdue.TERMINATE
    article: str = ""
    mark: Mark = Mark.SECONDARY


class AcceptancePoint(Part):
    """One thing a clerk checks on a material before it is ticked (收件要点)."""

    code: Code
    text: Text


class MaterialDefinition(Part):
    """A material. `licence_kind`: where the city holds this certificate of the applicant, it is
    not asked for. `when`: asked only where one of these answers was given (none: always).
    `is_deferrable`: may come after acceptance (容缺). `is_reusable` False: signed for one
    application (a declaration, a letter of authorisation), never offered again.
    `is_checked_later`: an online copy is reviewed as it is, and the original held against it
    before the decision (先审后验)."""

    code: Code
    name: Text
    form: MaterialForm = MaterialForm.ELECTRONIC
    source: MaterialSource = MaterialSource.APPLICANT
    source_organ: str = ""
    required: bool = True
    required_when: str = ""
    when: tuple[When, ...] = ()
    is_deferrable: bool = False
    is_reusable: bool = True
    is_checked_later: bool = False
    copies: int = Field(default=1, ge=0, le=20)
    licence_kind: str = ""
    basis: Text
    points: tuple[AcceptancePoint, ...] = Field(min_length=1)
    advice: str = ""

    def is_asked(self, form: dict[str, Any]) -> bool:
        """True where this material is asked of an application with these answers."""
        return not self.when or any(one.holds(form) for one in self.when)


class FormSection(Part):
    """Fields asked on one page of the form, in this order."""

    title: Text
    hint: str = ""
    fields: tuple[Code, ...] = Field(min_length=1)


class FormDefinition(Part):
    """JSON Schema 2020-12 of the answers, and how they are asked.

    Keys of a property beyond JSON Schema: `x-prefill` (person.name, person.id_number,
    person.paper_kind, person.phone, person.address, organisation.name, organisation.uscc,
    organisation.legal_representative, organisation.address), `x-sensitive` (masked wherever
    shown), `x-widget` (text, textarea, select, radios, date, number, phone, idcard, photo).
    """

    schema_: dict[str, Any] = Field(alias="schema")
    sections: tuple[FormSection, ...] = Field(min_length=1)


class RouteStep(Part):
    """A review step. Steps with the same `after` run side by side."""

    code: Code
    name: Text
    job: Code
    limit: LimitText
    after: tuple[Code, ...] = ()
    people: int = Field(default=1, ge=1, le=5)
    article: str = ""
    points: tuple[Text, ...] = ()


class ResultField(Part):
    """One line of a certificate: `source` is form.<field>, case.<…> or holder.<…>."""

    label: Text
    source: Text


class ResultDefinition(Part):
    kind: ResultKind
    name: Text
    grant_word: str = ""
    refuse_word: str = ""
    grant_title: str = ""
    refuse_title: str = ""
    number_word: Text
    licence_type: Annotated[str, Field(pattern=r"^[0-9A-Z]{21}$")] | None = None
    valid_years: int | None = Field(default=None, ge=1, le=99)
    validity_article: str = ""
    validity_mark: Mark = Mark.ESTIMATED
    fields: tuple[ResultField, ...] = ()
    delivery: tuple[Annotated[str, Field(pattern="^(WINDOW|POST|ONLINE)$")], ...] = Field(
        min_length=1
    )
    blank: Blank | None = None


class Fee(Part):
    charged: bool = False
    basis: str = ""
    standard: str = ""


class Remedy(Part):
    """Where a negative result may be taken. The organ and address come from the item."""

    review_organ: Text
    review_address: Text
    court: Text
    note: str = ""


class Place(Part):
    name: Text
    address: Text
    hours: Text
    window: str = ""


class Question(Part):
    question: Text
    answer: Text


class Refusal(Part):
    """A reason for a negative result that the law knows, offered to the approver."""

    code: Code
    text: Text
    article: Text


class Definition(Part):
    """A whole service item, one implementation by one organ.

    `applicant_limit` is a limit that binds the applicant, told in the guide and never a clock here;
    `upper_organ` decides where this organ only examines first (行政许可法 §35).
    `is_high_risk`: where 告知承诺 is not allowed (国办发〔2020〕42号).
    `is_paperless`: no paper is kept of it; who brings paper is served, it is scanned and handed
    back (优化营商环境条例 §37: nobody is bound to one way).
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,59}$")]
    name: Text
    aliases: tuple[Text, ...] = ()
    alias_note: str = ""
    kind: ItemKind
    regime: Regime
    case_kind: CaseKind
    catalog_code: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    level: int = Field(ge=1, le=7)
    organ: Text
    supervising_organ: str = ""
    audiences: tuple[Audience, ...] = Field(min_length=1)
    topics: tuple[Text, ...] = ()
    summary: Text
    bases: tuple[Basis, ...] = ()
    conditions: tuple[Text, ...] = ()
    not_required_when: tuple[Text, ...] = ()
    limits: Limits
    extension: ExtensionRule | None = None
    pause_grounds: tuple[PauseGround, ...] = ()
    deemed_acceptance: DeemedAcceptance
    deemed_acceptance_article: str = ""
    correction: CorrectionRule = CorrectionRule()
    form: FormDefinition
    materials: tuple[MaterialDefinition, ...] = ()
    route: tuple[RouteStep, ...] = ()
    instant_rules: dict[str, Any] | None = None
    refusals: tuple[Refusal, ...] = ()
    result: ResultDefinition
    handling: Handling = Handling()
    depth: Depth = Depth.STANDARD
    acceptor: Acceptor = Acceptor.WINDOW
    deferral: Deferral | None = None
    commitments: tuple[Commitment, ...] = ()
    procedures: tuple[ProcedureRule, ...] = ()
    renewal: Renewal | None = None
    applicant_limit: str = ""
    is_batch_allowed: bool = False
    is_paperless: bool = False
    is_high_risk: bool = False
    upper_organ: str = ""
    english: English | None = None
    fee: Fee = Fee()
    remedy: Remedy
    places: tuple[Place, ...] = ()
    consult_phone: str = ""
    complaint_phone: str = ""
    online: bool = True
    visits: int = Field(default=0, ge=0, le=9)
    visit_reason: str = ""
    zero_visit_modes: tuple[ZeroVisitMode, ...] = ()
    questions: tuple[Question, ...] = ()
    rights: tuple[Text, ...] = ()
    effective_on: date
    note: str = ""

    @property
    def reaches_home(self) -> bool:
        """True where the result comes to the person: online, by post, or brought."""
        brought = ZeroVisitMode.BROUGHT in self.zero_visit_modes
        return brought or bool({"ONLINE", "POST"} & {*self.result.delivery})

    @property
    def is_zero_visit(self) -> bool:
        """零跑动: a mode of it, no visit, and a result that comes to the person."""
        return bool(self.zero_visit_modes) and self.visits == 0 and self.reaches_home

    @property
    def grant_word(self) -> str:
        return self.result.grant_word or self.regime.words.grant

    @property
    def refuse_word(self) -> str:
        return self.result.refuse_word or self.regime.words.refuse

    @property
    def grant_title(self) -> str:
        return self.result.grant_title or self.regime.words.grant_title

    @property
    def refuse_title(self) -> str:
        return self.result.refuse_title or self.regime.words.refuse_title

    def material(self, code: str) -> MaterialDefinition | None:
        return next((m for m in self.materials if m.code == code), None)

    def is_checked_later(self, code: str) -> bool:
        """先审后验: True for a copy whose original is to be seen before the decision."""
        found = self.material(code)
        return found is not None and found.is_checked_later

    def commitment(self, code: str) -> Commitment | None:
        return next((c for c in self.commitments if c.code == code), None)

    def procedure(self, code: str) -> ProcedureRule | None:
        return next((p for p in self.procedures if p.code == code), None)

    def materials_for(self, form: dict[str, Any]) -> tuple[MaterialDefinition, ...]:
        """The materials asked of an application with these answers."""
        return tuple(m for m in self.materials if m.is_asked(form))

    def commitments_for(self, form: dict[str, Any]) -> tuple[Commitment, ...]:
        """The commitments that stand for something these answers ask for: a check that then comes
        later, or a material. A choice that changes nothing is not offered."""
        asked = {material.code for material in self.materials_for(form)}
        return tuple(c for c in self.commitments if c.skips or asked & {*c.replaces})

    def pause_ground(self, code: str) -> PauseGround | None:
        return next((g for g in self.pause_grounds if g.code == code), None)
