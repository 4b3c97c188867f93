"""What a client may be given: a scope is permissions and the operations it opens, both closed.

Permissions alone would be too wide: reporting a status back needs 受理 in the operation, and a
client that may report must not accept. So a token opens the operations its scopes name and no
others, and its actor holds the permissions its scopes name and no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    code: str
    label: str
    permissions: frozenset[str]
    operations: frozenset[str]


def _scope(code: str, label: str, permissions: str, operations: str) -> Scope:
    return Scope(code, label, frozenset(permissions.split()), frozenset(operations.split()))


_ALL = (
    _scope("cases.read", "查看本单位办件", "cases.read_organ", "read_case organ_cases late"),
    _scope(
        "cases.act",
        "受理、审查、停止和恢复计时",
        "cases.read_organ cases.accept cases.review cases.pause",
        "read_case my_steps open_material tick accept refer request_correction give_opinion "
        "pause resume",
    ),
    _scope(
        "cases.decide",
        "作出决定、延长期限",
        "cases.read_organ cases.decide cases.extend",
        "read_case grant refuse decline not_required extend",
    ),
    _scope(
        "cases.report_back",
        "回传办理状态",
        "cases.read_organ cases.accept",
        "read_case report_back end_elsewhere",
    ),
    _scope(
        "certificates.make",
        "制证",
        "certificates.make",
        "list_makings read_making take_making put_making_back print_making spoil_making "
        "store_making list_blanks",
    ),
    _scope("certificates.ledger", "查看发证台账", "certificates.ledger", "list_issues"),
    _scope("events.read", "拉取办件事件", "", "list_events"),
    _scope(
        "events.subscribe",
        "订阅办件事件",
        "",
        "list_webhooks create_webhook remove_webhook replay_webhook",
    ),
    # These open no operation: what they are for is asked of the person (domain/sign_in).
    _scope("people.sign_in", "用本平台账号登录(隐去一部分的姓名)", "", ""),
    _scope("people.name", "登录时读取完整姓名", "", ""),
    _scope("people.paper", "登录时读取证件类型和号码", "", ""),
)
SCOPES = {scope.code: scope for scope in _ALL}


def permissions_of(codes: Iterable[str]) -> frozenset[str]:
    """Exactly the permissions of these scopes; a code nobody knows any more opens nothing."""
    return frozenset().union(*(SCOPES[code].permissions for code in codes if code in SCOPES))


def operations_of(codes: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(SCOPES[code].operations for code in codes if code in SCOPES))


def scopes_of_operations() -> dict[str, tuple[str, ...]]:
    """Operation → the scopes that open it."""
    names = sorted({name for scope in _ALL for name in scope.operations})
    return {name: tuple(scope.code for scope in _ALL if name in scope.operations) for name in names}
