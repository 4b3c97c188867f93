from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "yiwang.foundation.messaging"
    label = "messaging"
    verbose_name = "消息"
    default_auto_field = "django.db.models.BigAutoField"
