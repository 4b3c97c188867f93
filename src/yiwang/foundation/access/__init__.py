"""Who may do what: permissions, actors, and the refusal that says why. Denied by default."""

from yiwang.foundation.access.actors import (
    AccessDeniedError,
    Actor,
    Mandate,
    Posting,
    system_actor,
)
from yiwang.foundation.access.permissions import Permission, all_permissions, declare

__all__ = [
    "AccessDeniedError",
    "Actor",
    "Mandate",
    "Permission",
    "Posting",
    "all_permissions",
    "declare",
    "system_actor",
]
