"""The door of `supervision` for the rooms above it and for the composition root."""

from yiwang.apps.supervision.queries import LateReason, late_reason_of

__all__ = ["LateReason", "late_reason_of"]
