from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "yiwang.foundation.parameters"
    label = "parameters"
    verbose_name = "参数"
    default_auto_field = "django.db.models.BigAutoField"
