"""Django application of the page shell (templates, static files and tags; no models)."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Holds no models: only templates, static files and template tags."""

    name = "yiwang.foundation.shell"
    label = "shell"
    verbose_name = "页面外壳"
