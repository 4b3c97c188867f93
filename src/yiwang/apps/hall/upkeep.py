"""What a hall does not keep for ever: the words in which somebody asked for help."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from yiwang.apps.hall.models import Appointment


def old_wishes(before: date) -> QuerySet[Appointment]:
    """Appointments of earlier days that still hold what was wanted."""
    return Appointment.objects.filter(on__lt=before, wanted__isnull=False)
