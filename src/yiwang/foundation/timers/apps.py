from django.apps import AppConfig


class TimersConfig(AppConfig):
    name = "yiwang.foundation.timers"
    label = "timers"
    verbose_name = "到时事项"
    default_auto_field = "django.db.models.BigAutoField"
