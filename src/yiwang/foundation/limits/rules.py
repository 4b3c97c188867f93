"""The limits and their defaults; each can be set by the deployment.

`YIWANG_LIMIT_SIGN_IN=60/300` allows sixty in three hundred seconds, `0` lifts the limit;
`YIWANG_LIMITS=off` lifts all but the guessing of codes (measures and load tests).
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.foundation.environment import DeploymentError


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in a window of `seconds` that begins with the first."""

    most: int
    seconds: int


# A hall's terminals and a whole village may stand behind one address: generous for people,
# tight for programs.
DEFAULTS = {
    "sign-in": Limit(60, 300),  # by address: passwords and second factors
    "check": Limit(60, 60),  # by address: public check of papers, with signatures
    "progress": Limit(60, 300),  # by address: progress by number and code
    "code": Limit(20, 3600),  # by case number: wrong query codes
    "authorise": Limit(10, 3600),  # by account: authorisations begun, each with a message
    "ask": Limit(30, 3600),  # by account, else address: questions, also without signing in
    "search": Limit(120, 60),  # by account, else address
    "print": Limit(30, 60),  # by account, else address: guides made as PDF
    "openapi": Limit(30, 60),  # by address
    "token": Limit(60, 300),  # by address: tokens of departments' systems, half an hour each
    "identity": Limit(300, 300),  # by address: sites that let people sign in with our account
    "upload": Limit(120, 300),  # by account, else address
    "acts": Limit(300, 300),  # by account: whatever changes something
}
ALWAYS = frozenset({"code"})
_FORM = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


def limit_of(name: str, values: Mapping[str, str] = os.environ) -> Limit | None:
    """The limit of this deployment; None where it is lifted. Raises DeploymentError."""
    if values.get("YIWANG_LIMITS") == "off" and name not in ALWAYS:
        return None
    variable = f"YIWANG_LIMIT_{name.upper().replace('-', '_')}"
    text = values.get(variable)
    if not text:
        return DEFAULTS[name]
    if text.strip() == "0" and name not in ALWAYS:
        return None
    found = _FORM.fullmatch(text.strip())
    if found is None or not int(found[1]) or not int(found[2]):
        raise DeploymentError(f"{variable} 必须形如 60/300(300 秒内最多 60 次),现在是 {text!r}")
    return Limit(int(found[1]), int(found[2]))
