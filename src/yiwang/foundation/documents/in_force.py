"""Which seal and which words hold on a day: cached per process, as parameters are.

A document costs no statement for either: the one that looks every few seconds whether a
parameter was ruled looks for these too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yiwang.foundation.documents.content import LONGEST_ON_ARC, Seal
from yiwang.foundation.documents.kinds import DocumentKind, SealUse
from yiwang.foundation.documents.models import OrganSeal, TemplateText
from yiwang.foundation.documents.texts import SLOTS, Part, Slot, problem_of_text
from yiwang.foundation.ruling.remembering import Remembered
from yiwang.kernel.dated import last_begun


@dataclass(frozen=True, slots=True)
class Registered:
    """A seal of the register; `stopped_on` is the first day on which it is no longer used."""

    number: int
    organ_id: int
    use: SealUse
    name: str
    caption: str
    code: str
    valid_from: date
    stopped_on: date | None

    def holds(self, on: date) -> bool:
        """Whether a document of this day bears it."""
        return self.valid_from <= on and (self.stopped_on is None or on < self.stopped_on)

    @property
    def seal(self) -> Seal:
        """As printed."""
        return Seal(self.name, self.caption, self.code, entry=self.number)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruled text; `organ_id` None for all organs, `text` None where it was restored."""

    number: int
    organ_id: int | None
    text: str | None
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True)
class HeldText:
    """What a text reads on a day. `number` is the ruling's, None for the platform's wording."""

    slot: Slot
    text: str
    source: str
    number: int | None = None
    organ_id: int | None = None
    valid_from: date | None = None

    @property
    def reference(self) -> str:
        """`GRANT_DECISION.OPENING#12`; "" for the platform's wording."""
        return f"{self.slot.code}#{self.number}" if self.number is not None else ""


DEFAULT_SOURCE = "平台默认文字"


@dataclass(frozen=True, slots=True)
class _Kept:
    seals: dict[int, tuple[Registered, ...]]
    texts: dict[str, tuple[Ruling, ...]]


def seals_of(organ_id: int) -> tuple[Registered, ...]:
    """The register's seals of an organ, as known to this process."""
    return _kept().seals.get(organ_id, ())


def sealed_organs(on: date) -> frozenset[int]:
    """The organs with a registered seal in force."""
    return frozenset(
        organ_id
        for organ_id, seals in _kept().seals.items()
        if any(seal.holds(on) for seal in seals)
    )


def seal_for(kind: DocumentKind, *, organ_id: int, organ_name: str, on: date) -> Seal | None:
    """The seal of a document of this kind and day: the first of the kind's uses that the organ
    has registered, else one that follows from the organ's name. None for kinds without a seal."""
    uses = kind.seals
    if not uses:
        return None
    in_force = {seal.use: seal for seal in seals_of(organ_id) if seal.holds(on)}
    for use in uses:
        if use in in_force:
            return in_force[use].seal
    return derived_seal(organ_name, uses)


def derived_seal(organ_name: str, uses: tuple[SealUse, ...]) -> Seal:
    """Of an organ that has registered none: its name, and for what the seal is. Of a name too
    long for the arc the end, which is the organ's own: a paper is not held up by it."""
    use = SealUse.APPROVAL if SealUse.APPROVAL in uses else uses[0]
    return Seal(organ_name.strip()[-LONGEST_ON_ARC:], caption=use.caption)


def rulings_of(code: str) -> tuple[Ruling, ...]:
    """The ruled texts of a slot, as known to this process."""
    return _kept().texts.get(code, ())


def held_text(slot: Slot, *, organ_id: int | None, on: date) -> HeldText:
    """The organ's text, else the city's, else the platform's."""
    rows = rulings_of(slot.code)
    for owner in dict.fromkeys((organ_id, None)):
        found = last_begun((row for row in rows if row.organ_id == owner), on)
        if found is not None and found.text is not None:
            return HeldText(
                slot, found.text, found.source, found.number, found.organ_id, found.valid_from
            )
    return HeldText(slot, slot.default, DEFAULT_SOURCE)


def texts_for(kind: DocumentKind, *, organ_id: int | None, on: date) -> dict[Part, HeldText]:
    """Every text of a kind on a day."""
    return {slot.part: held_text(slot, organ_id=organ_id, on=on) for slot in _SLOTS_BY_KIND[kind]}


_SLOTS_BY_KIND = {
    kind: tuple(slot for slot in SLOTS.values() if slot.kind is kind) for kind in DocumentKind
}


def forget() -> None:
    """Look at the tables again at the next call (after something was ruled; in tests)."""
    _kept.forget()


def _read() -> _Kept:
    return _Kept(_seals(OrganSeal.objects.order_by("id")), _texts())


def _seals(rows: Iterable[OrganSeal]) -> dict[int, tuple[Registered, ...]]:
    found: dict[int, tuple[Registered, ...]] = {}
    for row in rows:
        seal = Registered(
            row.pk,
            row.organ_id,
            SealUse(row.use),
            row.name,
            row.caption,
            row.filing_code,
            row.valid_from,
            row.stopped_on,
        )
        found[row.organ_id] = (*found.get(row.organ_id, ()), seal)
    return found


def _texts() -> dict[str, tuple[Ruling, ...]]:
    """The ruled texts; one that would not be allowed any more (placeholders were narrowed since)
    counts as restored, so that no document stops for it."""
    found: dict[str, tuple[Ruling, ...]] = {}
    for row in TemplateText.objects.order_by("id"):
        slot = SLOTS.get(row.code)
        if slot is None:
            continue
        is_good = not row.is_restored and not problem_of_text(slot, row.text)
        source = f"{row.source} {row.article}".strip()
        ruling = Ruling(row.pk, row.organ_id, row.text if is_good else None, row.valid_from, source)
        found[row.code] = (*found.get(row.code, ()), ruling)
    return found


_kept = Remembered(
    "SELECT concat_ws('.', (SELECT COALESCE(max(id), 0) FROM documents_templatetext), "
    "(SELECT COALESCE(max(id), 0) FROM documents_organseal), "
    "(SELECT COALESCE(sum(id), 0) FROM documents_organseal WHERE stopped_on IS NOT NULL))",
    _read,
)
