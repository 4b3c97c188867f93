"""A document from what its kind says, the organ's seal and the words in force on its day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from yiwang.foundation.documents.content import Document, DocumentError
from yiwang.foundation.documents.in_force import HeldText, seal_for, texts_for
from yiwang.foundation.documents.kinds import DocumentKind
from yiwang.foundation.documents.texts import Part, fill
from yiwang.foundation.environment import environment

_ENDS = (Part.CLOSING, Part.CONTACT, Part.NOTE)


class Issuer(Protocol):
    """The organ whose document it is."""

    @property
    def pk(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def phone(self) -> str: ...

    @property
    def address(self) -> str: ...


def compose(
    kind: DocumentKind,
    *,
    organ: Issuer,
    on: date,
    words: Mapping[str, str] | None = None,
    paragraphs: tuple[str, ...] = (),
    **content: Any,
) -> Document:
    """The document of an organ and a day: its opening comes before `paragraphs`, its closing
    after everything else; `words` are the values of the placeholders.

    Raises `DocumentError` as `Document` does.
    """
    known = {
        "机关名称": organ.name,
        "机关电话": organ.phone,
        "机关地址": organ.address,
        **(words or {}),
    }
    content.setdefault("seal", seal_for(kind, organ_id=organ.pk, organ_name=organ.name, on=on))
    content.setdefault("is_demo", environment().is_demo)
    return worded(
        texts_for(kind, organ_id=organ.pk, on=on),
        known,
        kind=kind,
        organ=organ.name,
        made_on=on,
        paragraphs=paragraphs,
        **content,
    )


def worded(
    texts: Mapping[Part, HeldText],
    words: Mapping[str, str],
    *,
    paragraphs: tuple[str, ...] = (),
    **content: Any,
) -> Document:
    """A document with these texts in their places; it keeps which rulings they are.

    Raises `DocumentError` where the opening names something that `words` does not have.
    """
    lines = {part: fill(held.text, words) for part, held in texts.items()}
    if Part.OPENING in lines and not lines[Part.OPENING]:
        raise DocumentError("文书开头有占位符没有内容,不能出具")
    if title := lines.get(Part.TITLE):
        content.setdefault("title", title[0])
    closing = tuple(line for part in _ENDS for line in lines.get(part, ()))
    return Document(
        paragraphs=(*lines.get(Part.OPENING, ()), *paragraphs),
        closing=closing,
        texts=tuple(held.reference for held in texts.values() if held.reference),
        **content,
    )
