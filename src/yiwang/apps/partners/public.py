"""The door of `partners` for the site."""

from yiwang.apps.partners.queries import failed_pushes
from yiwang.apps.partners.upkeep import retry_push

__all__ = ["failed_pushes", "retry_push"]
