"""One case all the way: applied online, accepted, reviewed, granted, handed over, rated."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.acting import accepted, actor, reviewed
from yiwang.apps.cases.models import Case, ReviewStep
from yiwang.apps.cases.operations import deciding, delivering
from yiwang.apps.ratings.operations import rate, token_of
from yiwang.foundation.documents.issuing import make_ready
from yiwang.foundation.documents.models import LegalDocument
from yiwang.site.worker import relay_once

pytestmark = pytest.mark.django_db


def test_a_citizen_gets_a_licence(at: datetime) -> None:
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    case = accepted("food-business-licence", by=citizen, clerk=clerk, at=at)
    staff = [actor(a, at) for a in ("lin-window",)]
    assert staff and case.state == "REVIEW"
    assert ReviewStep.objects.filter(case=case).exists()
    print(
        Case.objects.values("short_number", "number", "promised_due_on"),
        LegalDocument.objects.values("title", "number"),
    )
