"""What the rooms above may know of a decision: who follows it up publishes it, checks a promise,
watches a certificate's end. Values, not rows; nothing here is personal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yiwang.apps.cases.domain.states import FINALS, CaseState
from yiwang.apps.cases.domain.taking_in import TO_BE_HANDED_OVER
from yiwang.apps.cases.errors import CaseNotFoundError
from yiwang.apps.cases.models import Case, CaseDecision, ReviewStep, TakeIn
from yiwang.apps.cases.seeing import is_on_their_side
from yiwang.apps.people.public import Blocker, PlaceKind
from yiwang.foundation.access import Actor
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.record.models import RecordEntry

AT_ONCE = 2000
UNDECIDED = ("RECEIVED", "CORRECTION", "REVIEW")


@dataclass(frozen=True, slots=True)
class DecidedCase:
    """A case with its decision. `commitment` is the code of the promise that was chosen, or ""."""

    case_id: int
    short_number: str
    item_code: str
    item_name: str
    item_version_id: int
    organ_id: int
    applicant_id: int
    commitment: str
    outcome: str
    word: str
    decided_at: datetime
    number: str

    @property
    def subject(self) -> str:
        return f"case:{self.case_id}"


@dataclass(frozen=True, slots=True)
class ItemOfCase:
    item_code: str
    item_name: str
    item_version_id: int
    short_number: str


@dataclass(frozen=True, slots=True)
class OpenApplication:
    case_id: int
    received_at: datetime


def decided_case(case_id: int) -> DecidedCase | None:
    """None where there is no decision (yet)."""
    row = CaseDecision.objects.select_related("case").filter(case_id=case_id).first()
    if row is None:
        return None
    number = (
        LegalDocument.objects.filter(pk=row.document_id).values_list("number", flat=True).first()
    )
    case = row.case
    return DecidedCase(
        case_id=case.pk,
        short_number=case.short_number,
        item_code=case.item_code,
        item_name=case.item_name,
        item_version_id=case.item_version_id,
        organ_id=case.organ_id,
        applicant_id=case.applicant_id,
        commitment=case.commitment,
        outcome=row.outcome,
        word=row.word,
        decided_at=row.decided_at,
        number=number or "",
    )


def items_of_cases(case_ids: Sequence[int]) -> dict[int, ItemOfCase]:
    """Which item each of these cases was for; one statement."""
    rows = Case.objects.filter(pk__in=list(case_ids)).values_list(
        "pk", "item_code", "item_name", "item_version_id", "short_number"
    )
    return {
        key: ItemOfCase(code, name, version, short_number)
        for key, code, name, version, short_number in rows
    }


def open_applications(*, item_code: str, applicant_id: int) -> list[OpenApplication]:
    """Applications of one applicant for one item that are not decided yet, oldest first."""
    rows = (
        Case.objects.filter(applicant_id=applicant_id, item_code=item_code, state__in=UNDECIDED)
        .order_by("id")
        .values_list("pk", "received_at")
    )
    return [OpenApplication(key, received_at) for key, received_at in rows]


def is_undecided(case_id: int) -> bool:
    state = Case.objects.filter(pk=case_id).values_list("state", flat=True).first()
    return state in UNDECIDED and state not in FINALS


@dataclass(frozen=True, slots=True)
class ConcludedCase:
    case_id: int
    short_number: str
    item_code: str
    item_name: str
    organ_id: int


def concluded_cases(since: datetime, until: datetime) -> list[ConcludedCase]:
    """Cases that ended from `since` up to, not including, `until`, by id; voided ones, which were
    never cases, left out. One statement."""
    rows = (
        Case.objects.filter(ended_at__gte=since, ended_at__lt=until)
        .exclude(state="VOIDED")
        .order_by("id")
        .values_list("pk", "short_number", "item_code", "item_name", "organ_id")
    )
    return [ConcludedCase(*row) for row in rows]


def handlers_of(case_id: int) -> frozenset[str]:
    """Everybody who did anything with this case, by the record: `account:12`."""
    rows = RecordEntry.objects.filter(subject=f"case:{case_id}")
    return frozenset(rows.values_list("actor", flat=True))


def latest_decisions(number: int = AT_ONCE) -> list[int]:
    """The cases of the last decisions: for a look at night whether one was missed."""
    return list(CaseDecision.objects.order_by("-id").values_list("case_id", flat=True)[:number])


@dataclass(frozen=True, slots=True)
class OwnCaseFacts:
    """A case as its applicant's side may ask about it."""

    short_number: str
    item_code: str
    item_name: str
    item_version_id: int
    organ_id: int


def case_of_own_side(case_id: int, *, actor: Actor) -> OwnCaseFacts:
    """For the applicant, who stands for them, and their agent. Raises CaseNotFoundError."""
    case = Case.objects.select_related("organ").filter(pk=case_id).first()
    if case is None or not is_on_their_side(actor, case):
        raise CaseNotFoundError
    return OwnCaseFacts(
        case.short_number, case.item_code, case.item_name, case.item_version_id, case.organ_id
    )


def who_handled(case_id: int) -> frozenset[str]:
    """Accounts that did anything to a case, and second people of its steps. Two statements."""
    acted = RecordEntry.objects.filter(subject=f"case:{case_id}", actor__startswith="account:")
    second = ReviewStep.objects.filter(case_id=case_id).exclude(second_ref="")
    return frozenset(acted.values_list("actor", flat=True).distinct()) | frozenset(
        second.values_list("second_ref", flat=True)
    )


def cases_that_keep_open(kind: PlaceKind, key: int | str, today: date) -> list[Blocker]:
    """Cases of an organ, or received at a hall, that are not ended yet, and papers that a hall
    took in for others and still holds: twenty at most."""
    columns = {PlaceKind.ORGAN: "organ_id", PlaceKind.HALL: "hall_id"}
    if kind not in columns:
        return []
    rows = Case.objects.filter(**{columns[kind]: key}).exclude(state__in=FINALS).order_by("id")
    found = [
        Blocker(f"办件 {number} {name}({CaseState(state).label})")
        for number, name, state in rows.values_list("short_number", "item_name", "state")[:20]
    ]
    return [*found, *_papers_in_hand(key)][:20] if kind is PlaceKind.HALL else found


def _papers_in_hand(hall_id: int | str) -> list[Blocker]:
    """Papers that the hall took in for others and has not handed over yet."""
    rows = TakeIn.objects.filter(hall_id=hall_id, state__in=TO_BE_HANDED_OVER).order_by("id")
    return [
        Blocker(f"代收待移交的材料 {number} {name}")
        for number, name in rows.values_list("case__short_number", "case__item_name")[:20]
    ]
