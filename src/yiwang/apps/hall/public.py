"""The door of `hall`."""

from yiwang.apps.hall.upkeep import old_wishes

__all__ = ["old_wishes"]
