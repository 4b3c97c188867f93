"""The door of `hall`: nothing above asks it yet."""

__all__: list[str] = []
