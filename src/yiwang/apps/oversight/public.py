"""The door of `oversight`: nothing above asks it yet."""

__all__: list[str] = []
