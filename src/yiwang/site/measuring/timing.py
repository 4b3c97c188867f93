"""What a request costs: statements and application CPU, told in a Server-Timing header.

Installed only where YIWANG_MEASURE=1 (the bench sets it).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

FREE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


class ServerTiming:
    """Counts statements (transaction words not) and this thread's CPU."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            nonlocal count
            if not str(sql).startswith(FREE):
                count += 1
            return execute(sql, params, many, context)

        begun = time.thread_time()
        with connection.execute_wrapper(counted):
            response = self.get_response(request)
        cpu = (time.thread_time() - begun) * 1000
        response["Server-Timing"] = f'cpu;dur={cpu:.3f}, db;desc="{count}"'
        return response
