"""Keys rotated while everything runs: nothing is unreadable or unfindable at any moment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from tests.acting import actor
from tests.authorising import authorised, party
from yiwang.apps.people.models import Authorisation, Party
from yiwang.apps.people.public import align_parties, parties_named
from yiwang.apps.people.queries import find_party_by_paper
from yiwang.apps.ratings.domain.vocabulary import RatingPoint
from yiwang.apps.ratings.models import RatingInvitation
from yiwang.apps.ratings.operations import inviting
from yiwang.foundation.clockwork import now, real_now
from yiwang.foundation.environment import DeploymentError, environment
from yiwang.foundation.secrets import keyring, load_keyring, rotating
from yiwang.kernel.identifiers.kinds import PaperKind
from yiwang.site.keeping import manifest
from yiwang.site.keeping.rotation import left_to_do, recrypt, refuse_in_use, sealed_columns
from yiwang.site.verifying import verify_all

# Alone: workers side by side share one folder of keys.
pytestmark = [pytest.mark.django_db, pytest.mark.faults]
AGENT = "ouyang-yan"


@pytest.fixture(autouse=True)
def folder() -> Iterator[object]:
    """The keys as they were are put back: other tests have what was sealed with them."""
    place = environment().keys
    before = place.with_name("keys-before-rotation")
    shutil.copytree(place, before)
    yield place
    shutil.rmtree(place)
    before.rename(place)


def rotate(*, codes: bool = False) -> None:
    rotating.prepare(environment().keys, with_codes=codes)
    rotating.use(environment().keys, at=real_now() - timedelta(hours=1))


def quiet(text: str) -> None:
    return


def raw(table: str, column: str, key: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [key])
        return bytes(cursor.fetchone()[0])


def test_old_values_open_new_ones_use_the_new_key_and_both_are_found() -> None:
    someone = party("lin-xiaoman")
    number, name = someone.paper_number, someone.name
    rotate()
    again = Party.objects.get(pk=someone.pk)
    assert (again.paper_number, again.name) == (number, name)
    assert raw("people_party", "name", someone.pk)[:2] == b"\0\1"
    assert find_party_by_paper(PaperKind(someone.paper_kind), number).pk == someone.pk
    assert someone.pk in parties_named(name) and someone.pk in parties_named(number)
    recrypt(quiet)
    assert raw("people_party", "name", someone.pk)[:2] == b"\0\2"
    assert find_party_by_paper(PaperKind(someone.paper_kind), number).pk == someone.pk
    assert someone.pk in parties_named(name)


def test_every_sealed_column_is_carried_over_and_the_record_stays_verifiable() -> None:
    assert len(sealed_columns()) >= 15
    rotate()
    assert left_to_do()["people_party.name"] == Party.objects.count()
    with pytest.raises(DeploymentError, match="people_party"):
        refuse_in_use()
    done = recrypt(quiet, batch=7)
    assert done > Party.objects.count() and left_to_do() == {}
    refuse_in_use()
    assert recrypt(quiet) == 0
    assert verify_all(environment().roots).is_clean


def test_a_person_and_what_names_them_change_together() -> None:
    by, agent = actor("lin-xiaoman", now()), party(AGENT)
    row = authorised(by.party_id, agent, by=by, at=now())
    assert row.pk in {m.authorisation_id for m in actor(AGENT, now()).mandates}
    rotate()
    assert row.pk in {m.authorisation_id for m in actor(AGENT, now()).mandates}
    after: int | None = 0
    while after is not None:
        _, after = align_parties(after, 1)
        assert row.pk in {m.authorisation_id for m in actor(AGENT, now()).mandates}
    index = bytes(Authorisation.objects.get(pk=row.pk).agent_paper_index)
    assert index == bytes(Party.objects.get(pk=agent.pk).paper_index)


def test_stale_indexes_alone_keep_the_old_key() -> None:
    someone = party("lin-xiaoman")
    old = keyring().blind_index(someone.name, purpose="party.name")
    rotate()
    recrypt(quiet)
    Party.objects.filter(pk=someone.pk).update(name_index=old)
    with pytest.raises(DeploymentError, match="1 条索引"):
        refuse_in_use()


def test_after_retiring_only_the_copy_has_the_old_key() -> None:
    folder = environment().keys
    code = keyring().digits("case.query", "x")
    probes = manifest.probes_of(keyring())
    rotate(codes=True)
    recrypt(quiet)
    manifest.check_keys(folder, probes)  # a backup made before opens with the rotated set
    assert keyring().digits("case.query", "x") != code
    assert keyring().is_digits("case.query", "x", code)
    kept = rotating.retire(folder, with_codes=False)
    assert sorted(keyring().keys) == [2] and sorted(load_keyring(kept).keys) == [1, 2]
    assert keyring().is_digits("case.query", "x", code), "codes on people's papers stay good"
    with pytest.raises(DeploymentError, match="打不开"):
        manifest.check_keys(folder, probes)
    for name in manifest.KEY_FILES[1:]:
        shutil.copy(folder / name, kept / name)
    manifest.check_keys(kept, probes)
    rotating.retire(folder, with_codes=True)
    assert not keyring().is_digits("case.query", "x", code)
    assert Party.objects.first().name


def test_a_link_to_rate_that_was_given_out_stays_good() -> None:
    token = inviting.token_for("case:1", RatingPoint.ISSUE)
    row = RatingInvitation(
        subject="case:1", point=RatingPoint.ISSUE, token_hash=inviting.token_hash(token)
    )
    rotate(codes=True)
    assert inviting.token_for("case:1", RatingPoint.ISSUE) != token
    assert inviting.token_of_invitation(row) == token


def test_too_early_or_nothing_to_retire() -> None:
    folder = environment().keys
    with pytest.raises(DeploymentError, match="没有可以停用"):
        rotating.refuse_unsettled(folder, at=real_now())
    rotating.prepare(folder, with_codes=False)
    assert keyring().current == 1 and keyring().secret == keyring().secrets[1]
    with pytest.raises(DeploymentError, match="已经备好"):
        rotating.prepare(folder, with_codes=False)
    rotating.use(folder, at=real_now())
    with pytest.raises(DeploymentError, match="10 分钟"):
        rotating.refuse_unsettled(folder, at=real_now())
    assert keyring().older_secrets == [keyring().secrets[1]]


def test_what_no_key_opens_is_named_and_nothing_is_lost() -> None:
    someone = Party.objects.order_by("id").first()
    sealed = raw("people_party", "name", someone.pk)
    broken = sealed[:-1] + bytes([sealed[-1] ^ 1])
    rotate()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_party SET details = %s WHERE id = %s", [broken, someone.pk])
    with pytest.raises(DeploymentError, match="details"):
        recrypt(quiet)
    assert raw("people_party", "details", someone.pk) == broken
