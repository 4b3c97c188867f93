"""The body of an event: the same when it is pushed and when it is pulled."""

from __future__ import annotations

from typing import Any

from yiwang.apps.partners.models import CaseNews
from yiwang.kernel.moment import BEIJING


def body_of(news: CaseNews) -> dict[str, Any]:
    """Ids and codes only; who wants more asks the API, which asks what they may see."""
    return {
        "id": str(news.identifier),
        "number": news.number,
        "name": news.name,
        "at": news.at.astimezone(BEIJING).isoformat(),
        "case_id": news.case_id,
        "short_number": news.short_number,
        "version": news.version,
        "organ": news.organ.slug,
        "item": news.item_code,
    }
