"""What enquiries publish."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.foundation.outbox.bus import event


@event
@dataclass(frozen=True, slots=True)
class EnquiryChanged:
    """An enquiry was asked, answered, taken up or ended; `state` is the one it is in now."""

    enquiry_id: int
    state: str

    @property
    def subject(self) -> str:
        return f"enquiry:{self.enquiry_id}"
