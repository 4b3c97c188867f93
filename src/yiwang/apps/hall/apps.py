from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "yiwang.apps.hall"
    label = "hall"
    verbose_name = "政务大厅"
    default_auto_field = "django.db.models.BigAutoField"
