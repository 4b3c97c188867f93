"""Static files are taken as they lie, without the deployment's manifest."""

from typing import Any

import pytest

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    settings.STATIC_URL = "/static/"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN}
