"""The worker process: a relay loop for events, timers and messages, and the job queue.

Everything it does is decided in the database with row locks, so any number of workers may run and
any of them may be killed at any instant.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from typing import Any

from django.db import close_old_connections

from yiwang.foundation.clockwork import now
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.timers.sweep import sweep

log = logging.getLogger(__name__)
IDLE, BUSY = 0.25, 0.0


def relay_once() -> int:
    """One round: events, then what fell due, then messages; returns how much was done."""
    at = now()
    return drain(at=at) + sweep(at=at) + send_pending(at=at)


def relay_forever(stop: threading.Event) -> None:
    """Rounds until told to stop; an error is logged and the next round tries again."""
    from yiwang.site.upkeep import beat, upkeep_once

    while not stop.is_set():
        done = 0
        try:
            done = relay_once()
            beat()
            upkeep_once()
        except Exception:
            log.exception("relay")
            close_old_connections()
            stop.wait(1)
        stop.wait(BUSY if done else IDLE)


def push_forever(stop: threading.Event) -> None:
    """Tell departments' systems: beside the relay, since a silent receiver costs seconds."""
    from yiwang.apps.partners.sending import push_pending

    while not stop.is_set():
        done = 0
        try:
            done = push_pending(at=now())
        except Exception:
            log.exception("push")
            close_old_connections()
            stop.wait(1)
        stop.wait(BUSY if done else IDLE)


def run_worker() -> None:
    """Run until SIGTERM or SIGINT."""
    stop = threading.Event()
    threading.Thread(target=push_forever, args=(stop,), name="push", daemon=True).start()
    relay = threading.Thread(target=relay_forever, args=(stop,), name="relay", daemon=True)
    relay.start()
    try:
        asyncio.run(_jobs(stop))
    finally:
        stop.set()
        relay.join(8)


async def _jobs(stop: threading.Event) -> None:
    from procrastinate.contrib.django import app

    connector: Any = app.connector  # the Django one, which knows its worker twin
    worker_app = app.with_connector(connector.get_worker_connector())
    loop = asyncio.get_running_loop()
    async with worker_app.open_async():
        while not stop.is_set():
            task = asyncio.create_task(
                worker_app.run_worker_async(
                    concurrency=2,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=1.0,
                    delete_jobs="successful",
                )
            )
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, _finish, stop, task)
            try:
                await task
            except asyncio.CancelledError:
                break
            except Exception:
                log.exception("job worker")
                await asyncio.sleep(1)


def _finish(stop: threading.Event, task: asyncio.Task[None]) -> None:
    stop.set()
    task.cancel()
