from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "yiwang.foundation.outbox"
    label = "outbox"
    verbose_name = "事件发件箱"
    default_auto_field = "django.db.models.BigAutoField"
