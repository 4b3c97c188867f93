"""A rough look for numbers of persons in a text that is to be public: it errs to the safe side."""

from __future__ import annotations

import re

from yiwang.kernel.identifiers.text import half_width

_NUMBER = re.compile(r"(?<![0-9])(1[3-9][0-9]{9}|[0-9]{17}[0-9Xx]|[0-9]{16,19})(?![0-9])")
_GAPS = re.compile(r"(?<=[0-9])[\s-](?=[0-9])")


def holds_personal(text: str) -> bool:
    """True where something looks like a mobile, resident id or bank number."""
    return _NUMBER.search(_GAPS.sub("", half_width(text))) is not None
