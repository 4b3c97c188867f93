"""One POST to an address that somebody else chose: nothing of ours may be reached by it.

The name is resolved once, every address it has must be allowed, and the connection goes to one of
exactly those: a name that changes its mind in between leads nowhere else. No redirect is followed,
and five seconds are all there is.
"""

from __future__ import annotations

import http.client
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from yiwang.foundation.environment import DeploymentError, environment

SECONDS = 5.0
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class UnreachableError(Exception):
    """It was not delivered; the text, in Chinese, says why and tells nothing of an answer."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address as it was checked when it was written down."""

    scheme: str
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Raises ValueError in Chinese for what can never be an address to push to."""
    if not url.isascii() or any(c.isspace() or ord(c) < 33 for c in url) or "\\" in url:
        raise ValueError("推送地址有不能用的字符。")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ValueError("推送地址的格式不对。") from error
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None or parts.fragment or not host:
        raise ValueError("推送地址要形如 https://对方主机/路径,不能带用户名、密码和 #。")
    if parts.scheme == "http":
        if not (environment().is_demo and _is_loopback_name(host)):
            raise ValueError("推送地址必须是 https。")
    elif parts.scheme != "https":
        raise ValueError("推送地址必须是 https。")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def _is_loopback_name(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allowed_networks(
    values: Mapping[str, str] = os.environ,
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """YIWANG_HOOK_NETWORKS: networks of the government's own intranet that may be reached though
    they are private, `10.20.0.0/16,10.30.4.0/24`. Raises DeploymentError."""
    found = []
    for part in filter(
        None, (p.strip() for p in values.get("YIWANG_HOOK_NETWORKS", "").split(","))
    ):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError as error:
            raise DeploymentError(
                f"YIWANG_HOOK_NETWORKS 里的 {part} 不是网段,例如 10.20.0.0/16"
            ) from error
    return tuple(found)


def is_allowed(address: Address, *, is_demo: bool) -> bool:
    """Public addresses, the networks this deployment names; loopback in the demonstration."""
    address = _meant(address)
    if is_demo and address.is_loopback:
        return True
    if address.is_loopback or address.is_link_local or address.is_unspecified:
        return False
    if any(address in network for network in allowed_networks()):
        return True
    return address.is_global and not address.is_multicast and not address.is_reserved


def _meant(address: Address) -> Address:
    """The version 4 address that a version 6 one stands for."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return address.teredo[1]
    return address


def check_written(url: str) -> None:
    """What can be said without asking for a name; the rest is asked at each delivery. Raises
    ValueError, UnreachableError."""
    target = target_of(url)
    try:
        address = ipaddress.ip_address(target.host)
    except ValueError:
        return
    if not is_allowed(address, is_demo=environment().is_demo):
        raise UnreachableError("推送地址指向内部网络,已拒绝。")


def resolved(target: Target) -> str:
    """The address to connect to. Raises UnreachableError."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError("找不到推送地址的主机。") from error
    addresses = [str(row[4][0]).partition("%")[0] for row in found]
    is_demo = environment().is_demo
    for text in addresses:
        address = ipaddress.ip_address(text)
        if not is_allowed(address, is_demo=is_demo):
            raise UnreachableError("推送地址指向内部网络,已拒绝。")
        if target.scheme == "http" and not _meant(address).is_loopback:
            raise UnreachableError("推送地址必须是 https。")
    if not addresses:
        raise UnreachableError("找不到推送地址的主机。")
    return addresses[0]


def trusted() -> ssl.SSLContext:
    """The system's authorities, and those of a file the deployment names (an inner authority)."""
    context = ssl.create_default_context()
    if extra := os.environ.get("YIWANG_HOOK_AUTHORITIES"):
        context.load_verify_locations(extra)
    return context


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send and give the status; 2xx is delivered. Raises UnreachableError."""
    try:
        target = target_of(url)
    except ValueError as error:
        raise UnreachableError(str(error)) from error
    address = resolved(target)
    try:
        connected = socket.create_connection((address, target.port), timeout=SECONDS)
    except OSError as error:
        raise UnreachableError(f"连接不上({type(error).__name__})。") from error
    # A receiver that sends a byte a second would never time out: the line is cut from outside.
    cut = threading.Timer(SECONDS, _cut, [connected])
    cut.daemon = True
    cut.start()
    try:
        return _spoken(target, connected, body, headers)
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"没有得到答复({type(error).__name__})。") from error
    finally:
        cut.cancel()
        connected.close()


def _cut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is over already


def _spoken(
    target: Target, connected: socket.socket, body: bytes, headers: Mapping[str, str]
) -> int:
    connection = http.client.HTTPConnection(target.host, target.port, timeout=SECONDS)
    if target.scheme == "https":
        connection.sock = trusted().wrap_socket(connected, server_hostname=target.host)
    else:
        connection.sock = connected
    try:
        connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", _host_header(target))
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        return connection.getresponse().status
    finally:
        connection.close()


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 443 if target.scheme == "https" else 80
    return host if target.port == usual else f"{host}:{target.port}"
