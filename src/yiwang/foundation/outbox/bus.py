"""Publishing and subscribing. An app publishes its own event classes; upper apps subscribe."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from yiwang.foundation.outbox.models import OutboxEvent
from yiwang.foundation.statements import insert


class Event(Protocol):
    """A frozen dataclass of ids, named in the past tense, with the subject it belongs to."""

    @property
    def subject(self) -> str: ...


Handler = Callable[[Any, datetime], None]
E = TypeVar("E")

_classes: dict[str, type] = {}
_handlers: dict[str, list[tuple[str, Handler]]] = defaultdict(list)


def event(cls: type[E]) -> type[E]:
    """Class decorator: register a frozen dataclass as an event under its own name."""
    if cls.__name__ in _classes and _classes[cls.__name__] is not cls:
        raise ValueError(f"two events are named {cls.__name__}")
    _classes[cls.__name__] = cls
    return cls


def subscribe(cls: type[E], handler: Callable[[E, datetime], None]) -> None:
    """Call `handler(event, at)` after the change is committed; it must be idempotent in effect,
    which running it in one transaction with its delivery row makes it."""
    name = f"{handler.__module__}.{handler.__qualname__}"
    if all(known != name for known, _ in _handlers[cls.__name__]):
        _handlers[cls.__name__].append((name, handler))


def publish(events: Iterable[Any], *, at: datetime) -> None:
    """Write events in the transaction of the change: one statement."""
    rows = [
        OutboxEvent(
            subject=item.subject,
            name=type(item).__name__,
            payload=dataclasses.asdict(item),
            at=at,
        )
        for item in events
    ]
    insert(rows)


def handlers_of(name: str) -> list[tuple[str, Handler]]:
    return _handlers.get(name, [])


def rebuild(name: str, payload: dict[str, Any]) -> Any:
    """The event object of a stored row. Raises KeyError for an event nobody declares any more."""
    cls = _classes[name]
    known = {field.name for field in dataclasses.fields(cls)}
    return cls(**{key: value for key, value in payload.items() if key in known})
