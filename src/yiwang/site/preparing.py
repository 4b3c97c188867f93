"""What a deployment needs before its first request; every step may be repeated."""

from __future__ import annotations

from django.core.management import call_command

from yiwang.apps.certificates.handlers import prepare as prepare_certificates
from yiwang.apps.oversight.handlers import prepare as prepare_oversight
from yiwang.apps.supervision.handlers import prepare as prepare_supervision
from yiwang.foundation.calendars.seeding import seed_calendar
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.authority import make_test_authority
from yiwang.foundation.environment import environment
from yiwang.foundation.record.sealing import make_signing_key
from yiwang.foundation.secrets.signing_keys import make as make_sign_in_keys


def prepare_all() -> None:
    """Keys, signing authority, calendar, rules of supervision, static files."""
    settings = environment()
    at = now()
    for folder in (settings.files, settings.roots, settings.run, settings.keys):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_signing_key(settings.keys)
    make_sign_in_keys(settings.keys)
    make_test_authority(settings.keys / "signing", "一网 测试签名", at)
    seed_calendar(at=at)
    prepare_certificates(at=at)
    prepare_oversight(at=at)
    prepare_supervision(at=at)
    call_command("collectstatic", interactive=False, verbosity=0)
