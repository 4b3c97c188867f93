"""Django settings, computed from the deployment's environment."""

from __future__ import annotations

import os
from typing import Any

from yiwang.foundation.environment import PROJECT_ROOT, environment
from yiwang.foundation.secrets import keyring
from yiwang.site.database import django_database

_environment = environment()

SECRET_KEY = keyring().secret
SECRET_KEY_FALLBACKS = keyring().older_secrets
DEBUG = False
ALLOWED_HOSTS = [*_environment.allowed_hosts]
ROOT_URLCONF = "yiwang.site.urls"
WSGI_APPLICATION = "yiwang.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FOUNDATION = [
    "yiwang.foundation.shell",
    "yiwang.foundation.record",
    "yiwang.foundation.outbox",
    "yiwang.foundation.timers",
    "yiwang.foundation.calendars",
    "yiwang.foundation.search",
    "yiwang.foundation.files",
    "yiwang.foundation.documents",
    "yiwang.foundation.messaging",
    "yiwang.foundation.limits",
    "yiwang.foundation.parameters",
]
# Low to high: each may import only `public` and `events` of those before it.
CONTEXTS = [
    "yiwang.apps.people",
    "yiwang.apps.certificates",
    "yiwang.apps.catalog",
    "yiwang.apps.cases",
    "yiwang.apps.ratings",
    "yiwang.apps.enquiries",
    "yiwang.apps.hall",
    "yiwang.apps.oversight",
    "yiwang.apps.archives",
    "yiwang.apps.supervision",
    "yiwang.apps.partners",
]
INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    *FOUNDATION,
    *CONTEXTS,
    "yiwang.site",
]

MIDDLEWARE = [
    "yiwang.site.limiting.Proxied",
    "yiwang.site.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yiwang.site.middleware.ContentSecurityPolicy",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "yiwang.apps.people.middleware.ActorMiddleware",
    "yiwang.apps.partners.middleware.Clients",
    "yiwang.site.limiting.RateLimits",
    "yiwang.apps.partners.middleware.KeyedRequests",
    "yiwang.site.middleware.PlainErrors",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yiwang.site.shell.shell_context",
            ],
        },
    }
]

DATABASES = {"default": django_database(_environment)}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = PROJECT_ROOT / "build" / "static"
STATICFILES_DIRS = [
    path for path in [PROJECT_ROOT / "build" / "assets" / "static"] if path.is_dir()
]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

SESSION_ENGINE = "yiwang.site.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_NAME = "yiwang"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _environment.is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "yiwang.site.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = None

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "yiwang.site.jobs.configure"

SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "yiwang.site.logs.JsonLine"}},
    "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["standard"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}

# Notices of one page to the next travel in a signed cookie: no statement for them.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

if os.environ.get("YIWANG_MEASURE") == "1" and _environment.is_loopback:
    MIDDLEWARE.insert(0, "yiwang.site.measuring.timing.ServerTiming")
