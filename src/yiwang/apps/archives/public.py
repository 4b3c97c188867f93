"""The door of `archives` for other apps: nothing yet asks."""

__all__: list[str] = []
