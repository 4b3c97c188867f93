from django.apps import AppConfig


class LimitsConfig(AppConfig):
    name = "yiwang.foundation.limits"
    label = "limits"
    verbose_name = "访问限制"
    default_auto_field = "django.db.models.BigAutoField"
