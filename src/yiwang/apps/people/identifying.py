"""Whoever stands at a window, calls, or is visited: known by the paper they show, never by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from yiwang.apps.people.domain.vocabulary import PartyKind
from yiwang.apps.people.models import Party
from yiwang.apps.people.operations import InvalidPartyError, register_party
from yiwang.apps.people.queries import find_party_by_paper
from yiwang.foundation.access import Actor
from yiwang.kernel.identifiers import papers
from yiwang.kernel.identifiers.kinds import PaperKind

NOT_A_PERSON = "这是单位的统一社会信用代码。这里登记的是来人,请读来人的身份证件。"
UNKNOWN = "这个证件没有登记过,请填写证件上的姓名或名称。"


@dataclass(frozen=True, slots=True)
class Shown:
    """What was read from a paper. `name` may be blank for somebody who is registered; `kind` None:
    a person, or an enterprise where the paper is an organisation's."""

    paper_kind: str
    number: str
    name: str = ""
    phone: str = ""
    kind: PartyKind | None = None


def identify(shown: Shown, *, actor: Actor, at: datetime) -> Party:
    """The party with this paper; somebody new is registered with their name.

    Raises InvalidPartyError, and AccessDeniedError where the actor registers nobody.
    """
    if shown.paper_kind not in PaperKind.__members__:
        raise InvalidPartyError("paper_kind", "请选择证件类型。")
    paper = PaperKind(shown.paper_kind)
    checked = papers.check(paper, shown.number)
    if not checked.is_valid:
        raise InvalidPartyError("paper_number", checked.errors[0].message)
    new = PartyKind.ENTERPRISE if paper is PaperKind.USCC else PartyKind.NATURAL_PERSON
    kind = shown.kind or new
    if paper is PaperKind.USCC and kind is PartyKind.NATURAL_PERSON:
        raise InvalidPartyError("paper_number", NOT_A_PERSON)
    if not shown.name.strip():
        found = find_party_by_paper(paper, checked.value)
        if found is None:
            raise InvalidPartyError("name", UNKNOWN)
        return found
    return register_party(
        kind=kind,
        name=shown.name,
        paper_kind=paper,
        paper_number=checked.value,
        phone=shown.phone.strip(),
        actor=actor,
        at=at,
    )
