"""The rules of supervision as pure functions."""
