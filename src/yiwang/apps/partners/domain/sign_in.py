"""What a site may ask for when somebody signs in with our account, and where it may be told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

# OpenID scope → (scope of the client's registration, what the person is told).
SIGN_IN_SCOPES = {
    "openid": ("people.sign_in", "登录标识和隐去一部分的姓名"),
    "profile": ("people.name", "完整姓名"),
    "paper": ("people.paper", "证件类型和完整证件号码"),
}
SIGN_IN = "people.sign_in"
REGISTERED = frozenset(code for code, _ in SIGN_IN_SCOPES.values())
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_PLAIN = re.compile(r"[!-\[\]-~]+")
LONGEST = 400


class UnknownSiteError(Exception):
    """Client or address are not registered: nobody is sent anywhere."""

    message = (
        "要登录的网站没有登记,或者它给出的返回地址和登记的不一致。请回到原网站,与其管理单位联系。"
    )


class AskedWronglyError(Exception):
    """An error of RFC 6749 §4.1.2.1 that is told to the site itself."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of RFC 6749 §4.1.1 with PKCE, checked. `scopes`: of SIGN_IN_SCOPES."""

    identifier: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    nonce: str
    challenge: str
    is_silent: bool
    is_fresh: bool
    most_age: int | None


def asked_of(given: Mapping[str, str], registered: Iterable[str]) -> Asked:
    """Raises AskedWronglyError; client and address are checked before. `registered`: the scopes
    of the client."""
    if "request" in given or "request_uri" in given:
        raise AskedWronglyError("request_not_supported")
    if given.get("response_type") != "code" or given.get("response_mode", "query") != "query":
        raise AskedWronglyError("unsupported_response_type", "response_type=code only")
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise AskedWronglyError("invalid_request", "code_challenge with S256 is required")
    scopes = tuple(name for name in SIGN_IN_SCOPES if name in given.get("scope", "").split())
    held = set(registered)
    if "openid" not in scopes or any(SIGN_IN_SCOPES[name][0] not in held for name in scopes):
        raise AskedWronglyError("invalid_scope", "openid, and only what was registered")
    prompts = set(given.get("prompt", "").split())
    age = given.get("max_age", "")
    if ("none" in prompts and len(prompts) > 1) or (age and not re.fullmatch(r"[0-9]{1,9}", age)):
        raise AskedWronglyError("invalid_request")
    state, nonce = given.get("state", ""), given.get("nonce", "")
    if not 8 <= len(state) <= 500 or len(nonce) > 200 or "\0" in state + nonce:
        raise AskedWronglyError("invalid_request", "state of 8 to 500 characters is required")
    return Asked(
        identifier=given["client_id"],
        redirect_uri=given["redirect_uri"],
        scopes=scopes,
        state=state,
        nonce=nonce,
        challenge=challenge,
        is_silent="none" in prompts,
        is_fresh="login" in prompts,
        most_age=int(age) if age else None,
    )


def back_to(uri: str, parameters: Mapping[str, str]) -> str:
    """The registered address with what is told."""
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(parameters)}"


def is_proof(verifier: str, challenge: str) -> bool:
    """RFC 7636 §4.6, S256."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    found = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return hmac.compare_digest(found, challenge.encode())


def redirect_problem(uri: str, *, is_demo: bool) -> str:
    """Why this can be no address to come back to, in Chinese; "" for a good one."""
    text = f"「{uri[:60]}」"
    if len(uri) > LONGEST or not _PLAIN.fullmatch(uri):
        return f"{text}太长或者有不能用的字符。"
    try:
        parts = urlsplit(uri)
        _ = parts.port
    except ValueError:
        return f"{text}的格式不对。"
    if not parts.hostname or "@" in parts.netloc or "#" in uri or "*" in uri:
        return f"{text}要写全,形如 https://网站/路径,不能带 *、# 和用户名。"
    if parts.scheme == "https" or (parts.scheme == "http" and is_demo and _is_here(parts.hostname)):
        return ""
    return f"{text}必须是 https。"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
