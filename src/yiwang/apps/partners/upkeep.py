"""What partners lets go: tokens that ended, answers after a day, events after ninety."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from yiwang.apps.partners.domain.vocabulary import PushState
from yiwang.apps.partners.keyed import KEPT
from yiwang.apps.partners.models import AccessToken, CaseNews, KeyedRequest, Push, SignInCode
from yiwang.apps.partners.sending import again
from yiwang.foundation.clockwork import offset

NEWS_KEPT = timedelta(days=90)


def ended_tokens(at: datetime) -> QuerySet[Any]:
    return AccessToken.objects.filter(expires_at__lt=at - offset())


def ended_codes(at: datetime) -> QuerySet[Any]:
    """A day after their minute: until then one that comes again is recognised."""
    return SignInCode.objects.filter(expires_at__lt=at - offset() - KEPT)


def old_answers(at: datetime) -> QuerySet[Any]:
    return KeyedRequest.objects.filter(asked_at__lt=at - offset() - KEPT)


def old_news(at: datetime) -> QuerySet[Any]:
    """Their deliveries go with them."""
    return CaseNews.objects.filter(at__lt=at - NEWS_KEPT)


def retry_push(push_id: int, *, at: datetime) -> bool:
    """Another three days for one that was given up; False where it is not any more."""
    found = Push.objects.select_for_update().filter(pk=push_id, state=PushState.FAILED.value)
    return bool(found.exists() and again([push_id], at=at))
