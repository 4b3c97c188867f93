"""What documents publish."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class DocumentReady:
    """A document's PDF is signed and stored. `of` is the subject it belongs to."""

    document_id: str
    of: str
    kind: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"
