"""What a seal or a text will look like, before anybody confirms it. Nothing here is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import typst

from yiwang.foundation.documents.composing import worded
from yiwang.foundation.documents.content import Document, Field, ItemList, ListedItem, Seal
from yiwang.foundation.documents.fonts import CODE_END, CODE_START, FontSet
from yiwang.foundation.documents.in_force import HeldText
from yiwang.foundation.documents.kinds import DeclineGround, DocumentKind
from yiwang.foundation.documents.payload import seal_payload
from yiwang.foundation.documents.render import TEMPLATES
from yiwang.foundation.documents.texts import Part, samples

SAMPLE_ORGAN = "某某机关(样例)"
_RESOLUTION = 200.0  # dots per inch: 46 mm are 362 dots


def seal_image(seal: Seal, fonts: FontSet, *, is_demo: bool) -> bytes:
    """A PNG of the seal as printed on documents."""
    printable = {
        name: fonts.printable(value)[0]
        for name, value in seal_payload(seal, is_demo=is_demo).items()
    }
    data = {
        "title": seal.organ,
        "organ": seal.organ,
        "seal": printable,
        "families": list(fonts.families),
        "code_marks": [CODE_START, CODE_END],
    }
    compiler = typst.Compiler(
        TEMPLATES / "seal.typ",
        root=TEMPLATES,
        font_paths=fonts.typst,
        sys_inputs={"data": json.dumps(data)},
    )
    made = compiler.compile(format="png", ppi=_RESOLUTION)
    assert isinstance(made, bytes)
    return made


def sample_document(
    kind: DocumentKind, texts: Mapping[Part, HeldText], *, organ: str, seal: Seal | None, on: date
) -> Document:
    """A document of this kind with these texts and made-up content that says it is a sample."""
    words = samples() | {"机关名称": organ or SAMPLE_ORGAN}
    return worded(
        texts,
        words,
        kind=kind,
        organ=organ or SAMPLE_ORGAN,
        made_on=on,
        is_demo=True,
        is_sample=True,
        seal=seal,
        number="(样例)〔2026〕1号",
        addressee="(样例)受文人",
        **_sample_content(kind),
    )


def _sample_content(kind: DocumentKind) -> dict[str, Any]:
    """Everything the kind must have, made up."""
    everything: dict[str, Any] = {
        "fields": (Field("办件编号", samples()["办件编号"]), Field("样例", "样例内容")),
        "lists": (ItemList("(样例)清单", (ListedItem("(样例)第一项", "(样例)原因"),)),),
        "articles": ("(样例)《某法》第一条",),
        "reason": "(样例)理由由办理人员填写,不在模板里。",
        "facts": "(样例)查明的事实由办理人员填写,不在模板里。",
        "remedy": "(样例)救济途径由事项目录规定,不在模板里。",
        "ground": DeclineGround.OTHER,
        "time_needed": "15个工作日",
        "approved_by": "(样例)批准人",
    }
    content = {name: everything[name] for name in kind.rule.required if name in everything}
    if kind is DocumentKind.REFUSAL_DECISION:
        content["title"] = "不予许可决定书"
    return content
