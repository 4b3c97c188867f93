"""`yiwang verify` finds every planted change: in the record, in the seals, in the projections."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.acting import accepted, actor, make_documents, received, reviewed

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import deciding
from yiwang.foundation.environment import environment
from yiwang.foundation.record.models import RecordEntry, RootSeal
from yiwang.foundation.record.sealing import seal_record
from yiwang.foundation.record.writing import head_of
from yiwang.kernel.chain import Entry, entry_hash
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db

FOOD = "food-business-licence"


class Undo(Exception):  # noqa: N818 - it only ends a savepoint
    pass


def sql(text: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(text, list(parameters))
        return cursor.rowcount


@pytest.fixture
def roots(tmp_path: Path, at: datetime) -> Path:
    """Four cases on their way, everything before sealed, two more acts after the seal."""
    citizen, clerk = actor("lin-xiaoman", at), actor("he-window", at)
    received(FOOD, by=citizen, at=at)
    case = accepted(FOOD, by=citizen, clerk=clerk, at=at)
    done = accepted(FOOD, by=citizen, clerk=clerk, at=at)
    reviewed(done, reviewer=actor("zhao-review", at), at=at)
    deciding.grant(case_id=done.pk, actor=actor("sun-approve", at), at=at)
    make_documents(done, at)
    seal_record(tmp_path, environment().keys, at=at)
    reviewed(case, reviewer=actor("zhao-review", at), at=at + timedelta(days=1))
    received(FOOD, by=citizen, at=at + timedelta(days=1))
    return tmp_path


def test_an_untouched_record_is_clean(roots: Path) -> None:
    report = verify_all(roots)
    assert report.findings == [] and report.seals == 1 and report.unsealed > 0


def test_two_seals_follow_each_other(roots: Path, at: datetime) -> None:
    assert seal_record(roots, environment().keys, at=at + timedelta(days=1)) is not None
    assert seal_record(roots, environment().keys, at=at + timedelta(days=1)) is None
    report = verify_all(roots)
    assert report.findings == [] and report.seals == 2 and report.unsealed == 0


def _entry(rng: random.Random) -> RecordEntry:
    return rng.choice(list(RecordEntry.objects.filter(subject__startswith="case:").order_by("id")))


def _case(rng: random.Random) -> Case:
    return rng.choice(list(Case.objects.order_by("id")))


def alter_fact(rng: random.Random) -> str:
    entry = _entry(rng)
    facts = {**entry.facts, "state": "COMPLETED", "planted": rng.randint(1, 9)}
    RecordEntry.objects.filter(pk=entry.pk).update(facts=facts)
    return entry.subject


def alter_actor(rng: random.Random) -> str:
    entry = _entry(rng)
    RecordEntry.objects.filter(pk=entry.pk).update(actor="account:999")
    return entry.subject


def alter_time(rng: random.Random) -> str:
    entry = _entry(rng)
    RecordEntry.objects.filter(pk=entry.pk).update(
        at=entry.at - timedelta(minutes=rng.randint(1, 9))
    )
    return entry.subject


def alter_and_rehash(rng: random.Random) -> str:
    entry = _entry(rng)
    facts = {**entry.facts, "planted": 1}
    forged = Entry(
        entry.subject, entry.seq, entry.at, entry.actor, entry.operation, facts, entry.digests
    )
    new = entry_hash(forged, bytes(entry.previous))
    RecordEntry.objects.filter(pk=entry.pk).update(facts=facts, hash=new)
    return entry.subject


def rewrite_suffix(rng: random.Random) -> str:
    """Rewrite a whole chain consistently, the case's own head too: only the seal can tell."""
    subject = rng.choice(
        list(
            RecordEntry.objects.filter(
                subject__startswith="case:", operation="cases.accept"
            ).values_list("subject", flat=True)
        )
    )
    previous = b""
    for entry in RecordEntry.objects.filter(subject=subject).order_by("seq"):
        facts = {**entry.facts, "planted": 1} if entry.seq == 1 else entry.facts
        before = bytes(entry.previous) if entry.seq == 1 else previous
        previous = entry_hash(
            Entry(subject, entry.seq, entry.at, entry.actor, entry.operation, facts, entry.digests),
            before,
        )
        RecordEntry.objects.filter(pk=entry.pk).update(facts=facts, previous=before, hash=previous)
    Case.objects.filter(pk=int(subject[5:])).update(record_hash=previous)
    return subject


def delete_entry(rng: random.Random) -> str:
    entry = _entry(rng)
    sql("DELETE FROM record_recordentry WHERE id = %s", entry.pk)
    return entry.subject


def swap_entries(rng: random.Random) -> str:
    subject = rng.choice(
        list(
            RecordEntry.objects.filter(subject__startswith="case:", seq=2).values_list(
                "subject", flat=True
            )
        )
    )
    first, second = RecordEntry.objects.filter(subject=subject).order_by("seq")[:2]
    sql("UPDATE record_recordentry SET seq = 9999 WHERE id = %s", first.pk)
    sql("UPDATE record_recordentry SET seq = %s WHERE id = %s", first.seq, second.pk)
    sql("UPDATE record_recordentry SET seq = %s WHERE id = %s", second.seq, first.pk)
    return subject


def cut_tail(rng: random.Random) -> str:
    entry = _entry(rng)
    sql("DELETE FROM record_recordentry WHERE subject = %s AND seq >= %s", entry.subject, entry.seq)
    return entry.subject


def cut_sealed_tail_and_adjust_head(rng: random.Random) -> str:
    sealed = RootSeal.objects.get().last_entry
    rows = list(RecordEntry.objects.filter(subject__startswith="case:", id__lte=sealed, seq__gt=1))
    entry = rng.choice(rows)
    sql("DELETE FROM record_recordentry WHERE subject = %s AND seq >= %s", entry.subject, entry.seq)
    head = head_of(entry.subject)
    Case.objects.filter(pk=int(entry.subject[5:])).update(version=head.seq, record_hash=head.hash)
    return entry.subject


def vanish(rng: random.Random) -> str:
    subject = _entry(rng).subject
    sql("DELETE FROM record_recordentry WHERE subject = %s", subject)
    return subject


def vanish_other_subject(rng: random.Random) -> str:
    subject = rng.choice(
        list(
            RecordEntry.objects.exclude(subject__startswith="case:")
            .order_by("id")
            .values_list("subject", flat=True)
            .distinct()
        )
    )
    sql("DELETE FROM record_recordentry WHERE subject = %s", subject)
    return str(subject)


def insert_entry(rng: random.Random) -> str:
    entry = _entry(rng)
    last = head_of(entry.subject)
    RecordEntry.objects.create(
        subject=entry.subject,
        seq=last.seq + 1,
        operation="cases.accept",
        actor="account:1",
        at=entry.at,
        facts={},
        digests={},
        previous=last.hash,
        hash=bytes(32),
    )
    return entry.subject


def change_state(rng: random.Random) -> str:
    case = _case(rng)
    Case.objects.filter(pk=case.pk).update(state="WITHDRAWN")
    return case.subject


def change_due(rng: random.Random) -> str:
    case = rng.choice(list(Case.objects.filter(promised_due_on__isnull=False).order_by("id")))
    Case.objects.filter(pk=case.pk).update(promised_due_on=case.promised_due_on + timedelta(days=7))
    return case.subject


def change_clock(rng: random.Random) -> str:
    case = rng.choice(list(Case.objects.filter(state="REVIEW").order_by("id")))
    sql(
        "UPDATE cases_clockrow SET at = at + interval '3 days' "
        "WHERE case_id = %s AND kind = 'STARTED' AND clock = 'DECISION'",
        case.pk,
    )
    return case.subject


def change_form(rng: random.Random) -> str:
    case = _case(rng)
    content = case.contents.order_by("-revision").first()
    assert content is not None
    content.form = {**content.form, "planted": "x"}
    content.save()
    return case.subject


def change_applicant(rng: random.Random) -> str:
    case = _case(rng)
    sql(
        "UPDATE cases_case SET applicant_id = (SELECT min(id) FROM people_party WHERE id <> %s) "
        "WHERE id = %s",
        case.applicant_id,
        case.pk,
    )
    return case.subject


def change_decision(rng: random.Random) -> str:
    sql("UPDATE cases_casedecision SET outcome = 'REFUSED'")
    return Case.objects.get(decision__isnull=False).subject


PLANTS: list[Callable[[random.Random], str]] = [
    alter_fact, alter_actor, alter_time, alter_and_rehash, rewrite_suffix, delete_entry,
    swap_entries, cut_tail, cut_sealed_tail_and_adjust_head, vanish, vanish_other_subject,
    insert_entry, change_state, change_due, change_clock, change_form, change_applicant,
    change_decision,
]  # fmt: skip


def test_every_one_of_a_hundred_planted_changes_is_named(roots: Path) -> None:
    rng = random.Random(20261121)
    missed = []
    sql("SET LOCAL session_replication_role = replica")  # what an intruder with all rights can do
    for number in range(108):
        plant = PLANTS[number % len(PLANTS)]
        try:
            with transaction.atomic():
                subject = plant(rng)
                if subject not in {found[0] for found in verify_all(roots).findings}:
                    missed.append((plant.__name__, subject))
                raise Undo
        except Undo:
            pass
    assert missed == []
    assert verify_all(roots).findings == []


def test_a_seal_file_that_is_gone_or_changed_is_named(roots: Path) -> None:
    (path,) = roots.glob("*.json.gz")
    content = path.read_bytes()
    path.write_bytes(content[:-20] + bytes(20))
    assert any(found[0] == "seal" for found in verify_all(roots).findings)
    path.unlink()
    assert any("不见了" in found[2] for found in verify_all(roots).findings)


def test_the_application_may_not_change_the_record(roots: Path) -> None:
    for text in (
        "UPDATE record_recordentry SET actor = 'x'",
        "DELETE FROM record_recordentry",
        "UPDATE cases_clockrow SET at = now()",
        "DELETE FROM ratings_rating",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            sql("SET LOCAL ROLE yiwang_app")
            sql(text)
        sql("RESET ROLE")
    with pytest.raises(Exception, match="only grows"), transaction.atomic():
        sql("UPDATE record_recordentry SET actor = 'x'")
