from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "yiwang.apps.partners"
    label = "partners"
    verbose_name = "部门系统对接"
    default_auto_field = "django.db.models.BigAutoField"
