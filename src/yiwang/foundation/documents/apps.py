from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "yiwang.foundation.documents"
    label = "documents"
    verbose_name = "法律文书"
    default_auto_field = "django.db.models.BigAutoField"
