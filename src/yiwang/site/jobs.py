"""The job queue's configuration, and the jobs of the platform itself."""

from __future__ import annotations

from typing import Any


def configure(app: Any) -> None:
    """Called by procrastinate when the apps are ready."""
    app.import_paths = ["yiwang.foundation.documents.jobs", "yiwang.site.upkeep"]
