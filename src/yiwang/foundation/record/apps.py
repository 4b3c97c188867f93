from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "yiwang.foundation.record"
    label = "record"
    verbose_name = "办件记录"
    default_auto_field = "django.db.models.BigAutoField"
