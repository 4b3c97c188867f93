"""What the pages of an application read: for whom, at which hall, how far, what is missing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.apps.cases.archive import Earlier, earlier_materials
from yiwang.apps.cases.errors import InvalidInputError
from yiwang.apps.cases.models import Draft
from yiwang.apps.cases.operations.drafts import (
    NOT_FOR_YOU,
    missing_parts,
    own_draft,
)
from yiwang.apps.cases.operations.holdings import Holdings, held_for
from yiwang.apps.cases.pages.fields import prefill
from yiwang.apps.catalog.public import (
    Commitment,
    CurrentVersion,
    Definition,
    Section,
    condition_in_words,
    definition_of,
    form_sections,
)
from yiwang.apps.people.public import NOT_OFFERED, Hall, MandateAct, Party, is_unrepaired
from yiwang.foundation.access import Actor
from yiwang.foundation.files.models import Attachment


@dataclass(frozen=True, slots=True)
class Beginning:
    """What can be chosen before an application begins."""

    version: CurrentVersion
    person: Party
    applicants: list[Party]
    halls: list[Hall]
    drafts: list[Draft]
    agent_of: frozenset[int] = frozenset()

    @property
    def why_nobody(self) -> str:
        """Why this person cannot apply for the item, "" where they can."""
        if self.applicants:
            return ""
        return (
            "这个事项由企业或其他单位申请,您名下没有可以代表的单位。单位的法定代表人可以直接登录办理;"
            "受单位委托的,请法定代表人在「授权委托」里委托您办这个事项,或带委托书和身份证件到窗口。"
        )

    def choose(self, applicant: str, hall: str) -> tuple[Party, Hall]:
        """The choices as posted. Raises InvalidInputError."""
        party = next((p for p in self.applicants if str(p.pk) == applicant), None)
        place = next((h for h in self.halls if str(h.pk) == hall), None)
        problems = {}
        if party is None:
            problems["applicant"] = "请选择为谁办理。"
        if place is None:
            problems["hall"] = "请选择由哪个大厅收件。"
        if party is None or place is None:
            raise InvalidInputError(problems)
        return party, place

    def filer_for(self, applicant: Party) -> Party | None:
        """Who files for somebody else: a representative, a guardian, an agent."""
        return None if applicant.pk == self.person.pk else self.person

    def label_of(self, party: Party) -> str:
        """In whose name: 我本人, an organisation, a child, or whoever authorised this person."""
        if party.pk == self.person.pk:
            return f"我本人({party.name})"
        if party.pk in self.agent_of:
            return f"受委托,替 {party.name} 办"
        return f"替我监护的 {party.name} 办" if party.is_natural else party.name

    def form_for(self, applicant: Party) -> dict[str, Any]:
        """The answers that the city knows already."""
        return prefill(self.version.definition, applicant=applicant, person=self.person)


def beginning_of(version: CurrentVersion, *, actor: Actor) -> Beginning:
    """Whom this person may apply for, where, and what they began already: three statements."""
    code = version.definition.code
    audiences = {audience.value for audience in version.definition.audiences}
    principals = {p for p in actor.principals() if actor.may_act_as(p, code, MandateAct.APPLY)}
    wanted = {actor.party_id or 0, *actor.represents, *principals}
    parties = {p.pk: p for p in Party.objects.filter(pk__in=wanted)}
    person = parties[actor.party_id or 0]
    others = [party for key, party in sorted(parties.items()) if key != person.pk]
    applicants = [
        party
        for party in (person, *others)
        if ("NATURAL_PERSON" if party.is_natural else "LEGAL_PERSON") in audiences
    ]
    drafts = Draft.objects.filter(owner=actor.ref, item_code=code, applicant_id__in=wanted)
    return Beginning(
        version=version,
        person=person,
        applicants=applicants,
        halls=halls_for(version),
        drafts=list(drafts.select_related("applicant").defer("form").order_by("-saved_at")[:5]),
        agent_of=frozenset(principals - {*actor.represents}),
    )


def halls_for(version: CurrentVersion) -> list[Hall]:
    """The halls among the item's places, in the order of the guide; else every hall."""
    names = [place.name for place in version.definition.places]
    halls = list(Hall.objects.filter(valid_until__isnull=True).order_by("id"))
    listed = [hall for name in names for hall in halls if hall.name == name]
    return listed or halls


@dataclass(frozen=True, slots=True)
class Application:
    """A draft with its item, sections and materials."""

    draft: Draft
    definition: Definition
    sections: tuple[Section, ...]
    holdings: Holdings
    files: dict[str, Attachment]
    earlier: dict[str, Earlier]
    is_unrepaired: bool = False

    @property
    def base(self) -> str:
        return f"/apply/{self.draft.pk}"

    @property
    def commitment(self) -> Commitment | None:
        """The commitment that was chosen."""
        return self.definition.commitment(self.draft.commitment)

    @property
    def commitments(self) -> list[dict[str, Any]]:
        """What the item offers, each with why it is not for these answers."""
        return [
            {
                "part": one,
                "why_not": self._why_not(one),
                "is_chosen": one.code == self.draft.commitment,
            }
            for one in self.definition.commitments_for(self.draft.form)
        ]

    def _why_not(self, one: Commitment) -> str:
        if self.is_unrepaired:
            return NOT_OFFERED
        is_excluded = any(when.holds(self.draft.form) for when in one.excluded)
        return (one.excluded_note or NOT_FOR_YOU) if is_excluded else ""

    @property
    def problems(self) -> dict[str, str]:
        """Everything that is missing or wrong: field, or material-<code>, → what to do."""
        return missing_parts(self.draft, self.definition, self.holdings)

    def problem_rows(self) -> list[dict[str, str]]:
        """The problems with where to mend each."""
        return [{"text": text, "url": self.url_of(name)} for name, text in self.problems.items()]

    def url_of(self, name: str) -> str:
        """The page and place of a field or material."""
        if name == "commitment":
            return f"{self.base}/materials/#commitment"
        if name.startswith("material-"):
            return f"{self.base}/materials/#{name}"
        for number, section in enumerate(self.sections, 1):
            if any(field.code == name for field in section.fields):
                return f"{self.base}/{number}/#id_{name}"
        return f"{self.base}/1/"


def application(
    draft_id: uuid.UUID, *, actor: Actor, at: datetime, with_earlier: bool = False
) -> Application:
    """The actor's own draft with what its pages show; `with_earlier` what may be used again.

    Raises CaseNotFoundError.
    """
    draft = own_draft(draft_id, actor=actor)
    definition = definition_of(draft.item_version_id)
    return Application(
        draft=draft,
        definition=definition,
        sections=form_sections(definition),
        holdings=held_for(draft, definition, at),
        files=_files(draft),
        earlier=earlier_materials(draft, definition, actor=actor, at=at) if with_earlier else {},
        is_unrepaired=bool(definition.commitments) and is_unrepaired(draft.applicant_id),
    )


def _files(draft: Draft) -> dict[str, Attachment]:
    wanted = {uuid.UUID(key): code for code, key in draft.files.items()}
    if not wanted:
        return {}
    rows = Attachment.objects.filter(pk__in=wanted).select_related("file")
    return {wanted[row.pk]: row for row in rows}


def file_row(attachment: Attachment) -> dict[str, str]:
    """A file as the pages name it."""
    size = attachment.file.size
    words = f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, size // 1024)} KB"
    return {"name": attachment.name, "size": words, "url": f"/files/{attachment.pk}/"}


def _is_reused(found: Application, file: Attachment | None) -> bool:
    return file is not None and any(
        origin["file"] == str(file.pk) for origin in found.draft.reused.values()
    )


def earlier_row(found: Earlier | None) -> dict[str, Any] | None:
    """What an offer says: from which day and case, how large, and how far it can be trusted."""
    if found is None or found.row.attachment is None:
        return None
    return {
        "on": found.case.received_at,
        "number": found.case.short_number,
        "grade": found.grade.label,
        "file": file_row(found.row.attachment),
    }


def material_rows(
    found: Application, errors: dict[str, str], disputed: str = ""
) -> list[dict[str, Any]]:
    """The materials as the applicant sees them: held, generated, uploaded or to be uploaded."""
    rows = []
    for material in found.definition.materials_for(found.draft.form):
        held, file = found.holdings.held.get(material.code), found.files.get(material.code)
        silent = found.holdings.unanswered.get(material.code)
        state = "needed"
        if file is not None:
            state = "uploaded"
        elif held is not None and material.code != disputed:
            state = "held"
        elif material.source == "FORM":
            state = "generated"
        elif found.commitment is not None and material.code in found.commitment.replaces:
            state = "promised"
        elif silent is not None:
            state = "unanswered"
        rows.append(
            {
                "code": material.code,
                "name": material.name,
                "state": state,
                "is_optional": not material.required,
                "when": condition_in_words(found.definition, material),
                "form": f"{material.form.label} {material.copies} 份",
                "advice": material.advice,
                "points": [point.text for point in material.points],
                "held": held,
                "silent": silent if state == "unanswered" else None,
                "is_disputed": held is not None and state in ("needed", "uploaded"),
                "file": file_row(file) if file is not None else None,
                "origin": found.draft.reused.get(material.code)
                if _is_reused(found, file)
                else None,
                "earlier": earlier_row(found.earlier.get(material.code)),
                "error": errors.get(f"material-{material.code}", ""),
            }
        )
    return rows
