"""The composition root as a Django app: here handlers of one room are tied to events of another."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class SiteConfig(AppConfig):
    name = "yiwang.site"
    label = "site"
    verbose_name = "平台"

    def ready(self) -> None:
        from yiwang.site.wiring import wire

        _declare_permissions()
        wire()


def _declare_permissions() -> None:
    """Every room's, whoever asks (a command loads no pages): a role is judged against all."""
    for app in apps.get_app_configs():
        if app.name.startswith("yiwang.") and module_has_submodule(app.module, "permissions"):
            import_module(f"{app.name}.permissions")
