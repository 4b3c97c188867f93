"""Tokens of a Chinese text: every pair of neighbouring characters, and whole words otherwise."""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003FFFF]+|[0-9A-Za-z]+")


def tokens(text: str) -> list[str]:
    """Distinct tokens, in order: bigrams of Han runs (single characters too, so that a
    one-character query finds), lower-cased words of letters and digits."""
    found: dict[str, None] = {}
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii():
            found[run] = None
        else:
            for position, character in enumerate(run):
                found[character] = None
                if position + 1 < len(run):
                    found[run[position : position + 2]] = None
    return list(found)


def query_tokens(text: str) -> list[str]:
    """Tokens a query must meet: bigrams where a run has two characters or more."""
    found: dict[str, None] = {}
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii() or len(run) == 1:
            found[run] = None
        else:
            for position in range(len(run) - 1):
                found[run[position : position + 2]] = None
    return list(found)[:32]
