"""The deployment's settings, with what only tests need.

The database is started here because Django's settings are read before any fixture runs.
"""

from tests.cluster import start_cluster

start_cluster()

from yiwang.site.settings import *  # noqa: E402, F403
from yiwang.site.settings import DATABASES  # noqa: E402

DATABASES["default"]["OPTIONS"].pop("pool", None)
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
