"""One embedded PostgreSQL for a whole test run, its workers included."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def start_cluster() -> None:
    """Start it once; workers inherit its address by the environment."""
    if "YIWANG_TEST_RUN" in os.environ:
        return
    from yiwang.foundation.postgres import Cluster
    from yiwang.foundation.postgres.cluster import SUPERUSER

    folder = Path(tempfile.mkdtemp(prefix="yiwang-test-"))
    folder.chmod(0o755)  # under root the database has a user of its own
    os.environ["YIWANG_TEST_RUN"] = str(folder)
    os.environ["YIWANG_DATA"] = str(folder / "data")
    os.environ["YIWANG_DEMO"] = "1"
    os.environ["YIWANG_LIMIT_ACTS"] = "0"  # tests act faster than people; its own tests set it
    for name in ("DATABASE_URL", "YIWANG_HOST", "PORT", "YIWANG_PUBLIC_URL"):
        os.environ.pop(name, None)
    programs = os.environ.get("YIWANG_TEST_POSTGRES")  # another PostgreSQL's bin folder
    cluster = Cluster(
        folder / "data", is_durable=False, programs=Path(programs) if programs else None
    )
    cluster.start()
    os.environ["YIWANG_EMBEDDED_URL"] = cluster.url(SUPERUSER)

    def stop() -> None:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
