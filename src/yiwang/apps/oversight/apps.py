from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "yiwang.apps.oversight"
    label = "oversight"
    verbose_name = "事后监管"
    default_auto_field = "django.db.models.BigAutoField"
