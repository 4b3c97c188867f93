"""The composition root as a Django app: here handlers of one room are tied to events of another."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "yiwang.site"
    label = "site"
    verbose_name = "平台"

    def ready(self) -> None:
        from yiwang.site.wiring import wire

        wire()
