"""Signed statements about who somebody is (RFC 7519): made with our keys, checked with theirs.

Only signatures by a public key are known here: `none` and every shared-secret algorithm are not
on the list, so a token that names one is refused before any key is looked at.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from yiwang.foundation.secrets.signing_keys import SigningKeys

ALGORITHMS = ("RS256", "ES256")
_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RS256": RSAKey, "ES256": ECKey}
_TYPES = {"RS256": "RSA", "ES256": "EC"}
SKEW = timedelta(seconds=60)  # how far two machines' clocks may be apart
LONGEST = 16_000


class TokenError(Exception):
    """The token is not to be believed; the text says why, for the log and not for the person."""


class UnknownKeyError(TokenError):
    """No key of the set has the name the token gives: it may have been rotated."""


def signed(claims: Mapping[str, Any], keys: SigningKeys) -> str:
    """A compact token by the current key."""
    header = {"alg": "RS256", "kid": keys.current.kid, "typ": "JWT"}
    return jwt.encode(header, dict(claims), keys.current, algorithms=["RS256"])


def opened(token: str, jwks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The claims of a token that one of these keys signed. Raises TokenError, UnknownKeyError."""
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise TokenError(f"algorithm {algorithm!r}")
    key = _key(header, algorithm, jwks)
    try:
        return dict(jwt.decode(token, key, algorithms=[algorithm]).claims)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenError(f"signature: {type(error).__name__}") from error


def _header(token: str) -> dict[str, Any]:
    first, _, rest = token.partition(".")
    if len(token) > LONGEST or rest.count(".") != 1:
        raise TokenError("not a signed token")
    try:
        found = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except ValueError as error:
        raise TokenError("header") from error
    if not isinstance(found, dict):
        raise TokenError("header")
    return found


def _key(
    header: Mapping[str, Any], algorithm: str, jwks: Sequence[Mapping[str, Any]]
) -> RSAKey | ECKey:
    """The key the header names, of the kind its algorithm takes; never one the token brings."""
    usable = [
        key
        for key in jwks
        if key.get("kty") == _TYPES[algorithm] and key.get("use", "sig") == "sig"
    ]
    kid = header.get("kid")
    named = [key for key in usable if key.get("kid") == kid] if kid is not None else usable
    if len(named) != 1:
        raise UnknownKeyError(f"key {kid!r}")
    try:
        return _KINDS[algorithm].import_key(dict(named[0]))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenError("key") from error


def check_claims(
    claims: Mapping[str, Any], *, issuer: str, audience: str, nonce: str, real_at: datetime
) -> None:
    """OpenID Connect Core §3.1.3.7. `real_at`: the time outside the demonstration. Raises
    TokenError."""
    told = claims.get("aud")
    audiences = told if isinstance(told, list) else [told]
    checks = {
        "iss": claims.get("iss") == issuer,
        "aud": audience in audiences,
        "azp": claims.get("azp", audience) == audience and (len(audiences) == 1 or "azp" in claims),
        "nonce": claims.get("nonce") == nonce,
        "sub": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255,
        "exp": _moment(claims, "exp") > (real_at - SKEW).timestamp(),
        "iat": _moment(claims, "iat") <= (real_at + SKEW).timestamp(),
        "nbf": "nbf" not in claims or _moment(claims, "nbf") <= (real_at + SKEW).timestamp(),
    }
    wrong = [name for name, is_right in checks.items() if not is_right]
    if wrong:
        raise TokenError(f"claims: {', '.join(wrong)}")


def _moment(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TokenError(f"claims: {name}")
    return float(value)
