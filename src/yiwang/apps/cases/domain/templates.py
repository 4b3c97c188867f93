"""Texts that are written again and again: what for, with which places to be filled in.

There is none for facts: what was found in the single case is written for the single case.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

LONGEST = 1000
_PLACE = re.compile(r"\{([^{}]*)\}")


class TemplateUse(StrEnum):
    """What a text is for; the acts and fields that take it are named in FIELDS."""

    OPINION = "OPINION"
    CORRECTION = "CORRECTION"
    REFUSAL = "REFUSAL"
    PAUSE = "PAUSE"

    @property
    def label(self) -> str:
        return {
            "OPINION": "审查、审批意见",
            "CORRECTION": "补正原因",
            "REFUSAL": "不予的理由",
            "PAUSE": "停止计时的情况",
        }[self]


class Place(StrEnum):
    """What can be filled in; the value is the word between the braces."""

    ADDRESS = "申请人称谓"
    MATERIAL = "材料名"
    PROMISED = "承诺日"


class TemplateState(StrEnum):
    """A text for the whole organ is in use once a second person agreed."""

    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    RETIRED = "RETIRED"

    @property
    def label(self) -> str:
        return {"PROPOSED": "待第二人确认", "ACTIVE": "使用中", "RETIRED": "已停用"}[self]


# Address of the act → (what for, field): reasons and opinions, never `facts`.
FIELDS: Mapping[str, tuple[TemplateUse, str]] = {
    "give-opinion": (TemplateUse.OPINION, "opinion"),
    "grant": (TemplateUse.OPINION, "opinion"),
    "refuse": (TemplateUse.REFUSAL, "reason"),
    "decline": (TemplateUse.REFUSAL, "reason"),
    "pause": (TemplateUse.PAUSE, "reason"),
    "save-checks": (TemplateUse.CORRECTION, "line-why"),
}


def unknown_places(text: str) -> list[str]:
    """What stands in braces and is no Place; a brace without its partner counts as one."""
    found = [name for name in _PLACE.findall(text) if name not in list(Place)]
    rest = _PLACE.sub("", text)
    return found + (["{"] if "{" in rest or "}" in rest else [])


def filled(text: str, values: Mapping[Place, str]) -> str:
    """The text with its places filled; values are put in once, whatever they hold."""
    return _PLACE.sub(lambda match: values[Place(match[1])], text)
