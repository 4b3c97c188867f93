from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "yiwang.apps.archives"
    label = "archives"
    verbose_name = "归档"
    default_auto_field = "django.db.models.BigAutoField"
