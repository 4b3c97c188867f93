"""The door of `enquiries`: nothing above asks it yet."""

__all__: list[str] = []
