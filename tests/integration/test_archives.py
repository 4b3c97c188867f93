"""An ended case becomes one numbered package that nobody can change, made once, handed over once."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.acting import accepted, actor, make_documents, reviewed

from yiwang.apps.archives.domain.packing import check
from yiwang.apps.archives.errors import InvalidActError, NotNowError, PackageNotFoundError
from yiwang.apps.archives.handlers import DUE, due, on_ended
from yiwang.apps.archives.models import ArchivePackage
from yiwang.apps.archives.operations.handing_over import hand_over
from yiwang.apps.archives.operations.making import make
from yiwang.apps.archives.operations.taking import take
from yiwang.apps.cases.events import ResultDelivered
from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import deciding, delivering
from yiwang.apps.people.models import Disclosure
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.files.storing import read
from yiwang.foundation.timers.models import Timer
from yiwang.site.verifying import verify_all

pytestmark = pytest.mark.django_db
FOOD = "food-business-licence"


def ended(at: datetime) -> Case:
    """A food licence from the window to the hand-over, its papers made."""
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    reviewed(case, reviewer=actor("zhao-review", at), at=at)
    deciding.grant(case_id=case.pk, actor=actor("sun-approve", at), at=at)
    make_documents(case, at)
    done = delivering.deliver_online(case_id=case.pk, actor=actor("lin-xiaoman", at), at=at)
    make_documents(case, at)
    return done


def test_the_package_holds_every_paper_material_and_entry_in_order(at: datetime) -> None:
    case, keeper = ended(at), actor("luo-liaison", at)
    row = make(case_id=case.pk, actor=keeper, at=at)
    content = read(row.file)
    assert check(content) == []
    titles = [line["title"] for line in row.contents]
    assert titles[0] in ("准予行政许可决定书", "食品经营许可证")
    assert titles[-1] == "办理记录" and "收件凭证" in titles and "申请表" in titles
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    record = zipfile.ZipFile(io.BytesIO(content)).read(next(n for n in names if "办理记录" in n))
    assert record.decode().count('"本条"') == case.version == row.case_version
    assert row.number.endswith("号") and row.applicant_label == case.applicant_label
    assert make(case_id=case.pk, actor=keeper, at=at).pk == row.pk  # a second time changes nothing


def test_numbers_are_without_a_gap_for_an_organ_and_a_year(at: datetime) -> None:
    keeper = actor("luo-liaison", at)
    one, two = (make(case_id=ended(at).pk, actor=keeper, at=at).number for _ in range(2))
    serial = [int(number.split("〕")[1].rstrip("号")) for number in (one, two)]
    assert serial[1] == serial[0] + 1


def test_what_has_not_ended_or_is_not_ones_own_is_not_packed(at: datetime) -> None:
    case = accepted(FOOD, by=actor("lin-xiaoman", at), clerk=actor("he-window", at), at=at)
    with pytest.raises(NotNowError, match="还没有办结"):
        make(case_id=case.pk, actor=actor("luo-liaison", at), at=at)
    for login in ("fan-liaison", "he-window", "lin-xiaoman"):
        with pytest.raises(PackageNotFoundError):
            make(case_id=case.pk, actor=actor(login, at), at=at)
    due(case.subject, at)  # an early timer leaves nothing behind
    assert not Timer.objects.filter(subject=case.subject, kind=DUE).exists()


def test_it_is_made_by_itself_when_its_time_has_come(at: datetime) -> None:
    case = ended(at)
    on_ended(ResultDelivered(case_id=case.pk, outcome="GRANTED"), at)
    timer = Timer.objects.get(subject=case.subject, kind=DUE)
    assert timer.due_at == at + timedelta(days=15)
    due(case.subject, timer.due_at)
    assert ArchivePackage.objects.get(case_id=case.pk).made_by == "system:archive"


def test_a_package_is_handed_over_once_with_receiver_and_paper(at: datetime) -> None:
    keeper = actor("luo-liaison", at)
    row = make(case_id=ended(at).pk, actor=keeper, at=at)
    who: dict[str, Any] = {"organ_id": row.organ_id, "year": row.year, "at": at}
    with pytest.raises(InvalidActError) as problem:
        hand_over(to="", handover="", actor=keeper, **who)
    assert set(problem.value.fields) == {"to", "handover"}
    words = {"to": "椰城市档案馆", "handover": "2026-001"}
    with pytest.raises(AccessDeniedError):
        hand_over(actor=actor("fan-liaison", at), **words, **who)
    assert hand_over(actor=keeper, **words, **who) == 1
    with pytest.raises(NotNowError):
        hand_over(actor=keeper, **words, **who)


@pytest.mark.parametrize(
    "change",
    ["number = 'x'", "contents = '[]'", "case_hash = '\\x00'", "ended_at = now()"],
)
def test_the_database_keeps_a_package_as_it_was_made(at: datetime, change: str) -> None:
    row = make(case_id=ended(at).pk, actor=actor("luo-liaison", at), at=at)
    for sql in (
        f"UPDATE archives_archivepackage SET {change}",
        "DELETE FROM archives_archivepackage",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{sql} WHERE id = %s", [row.pk])


def test_taking_a_package_is_told_to_whom_it_is_about(at: datetime) -> None:
    keeper = actor("luo-liaison", at)
    row = make(case_id=ended(at).pk, actor=keeper, at=at)
    before = Disclosure.objects.count()
    take(package=row, actor=keeper, at=at)
    assert Disclosure.objects.count() == before + 1
    with pytest.raises(PackageNotFoundError):
        take(package=row, actor=actor("fan-liaison", at), at=at)


def test_verify_names_a_package_that_does_not_agree_with_its_record(
    at: datetime, tmp_path: Any
) -> None:
    row = make(case_id=ended(at).pk, actor=actor("luo-liaison", at), at=at)
    assert not [f for f in verify_all(tmp_path).findings if f[0] == row.subject]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # triggers do not run
        cursor.execute("UPDATE archives_archivepackage SET number = 'x' WHERE id = %s", [row.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert (row.subject, "PROJECTION", "档号或信息包与记录不符") in verify_all(tmp_path).findings
