"""The OpenAPI document kept beside the tests: a change of the API is a change of this file.

    python -m tests.api.document

writes it anew from the code. Needs no database.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

SNAPSHOT = Path(__file__).with_name("openapi.snapshot.json")


def current() -> str:
    """The document of the code as it is, as text."""
    from yiwang.site.api import api

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def write() -> None:
    """Start the application on an empty data folder and keep its document."""
    with TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "yiwang.site.settings", "YIWANG_DATA": folder}
        import django

        django.setup()
        SNAPSHOT.write_text(current(), encoding="utf-8")


if __name__ == "__main__":
    write()
