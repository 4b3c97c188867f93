from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "yiwang.apps.enquiries"
    label = "enquiries"
    verbose_name = "咨询投诉"
    default_auto_field = "django.db.models.BigAutoField"
