"""The record's hash chain against the attacks on it, and Merkle proofs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.chain import (
    GENESIS,
    Anchor,
    Entry,
    FaultKind,
    Head,
    StoredEntry,
    canonical,
    check_subject,
    entry_hash,
    inclusion_proof,
    leaf_hash,
    merkle_root,
    plain,
    salted_digest,
    verify_inclusion,
)
from yiwang.kernel.chain.merkle import hash_leaf

SUBJECT = "case:123"
AT = datetime(2026, 11, 21, 1, 2, 3, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


def entry(seq: int, **more: Any) -> Entry:
    fields: dict[str, Any] = {
        "subject": SUBJECT,
        "seq": seq,
        "at": AT + timedelta(minutes=seq),
        "actor": "person:7",
        "operation": "cases.accept",
        "facts": {"step": seq, "item": "A"},
    }
    return Entry(**fields | more)


def linked(entries: Sequence[Entry], previous: bytes = GENESIS) -> list[StoredEntry]:
    stored = []
    for one in entries:
        current = entry_hash(one, previous)
        stored.append(StoredEntry(one, previous, current))
        previous = current
    return stored


def chain_of(length: int) -> list[StoredEntry]:
    return linked([entry(seq) for seq in range(1, length + 1)])


def head_of(entries: Sequence[StoredEntry]) -> Head:
    return Head(entries[-1].entry.seq, entries[-1].hash)


def anchors_of(entries: Sequence[StoredEntry], *seqs: int) -> list[Anchor]:
    return [Anchor(SUBJECT, seq, entries[seq - 1].hash) for seq in seqs]


def found(
    entries: Sequence[StoredEntry], head: Head | None = None, anchors: Sequence[Anchor] = ()
) -> list[tuple[FaultKind, int]]:
    faults = check_subject(entries, head, anchors, subject=SUBJECT)
    assert all(fault.subject == SUBJECT and fault.message for fault in faults)
    return [(fault.kind, fault.seq) for fault in faults]


def altered(stored: StoredEntry) -> StoredEntry:
    return replace(stored, entry=replace(stored.entry, actor="person:8"))


def rehashed(stored: StoredEntry) -> StoredEntry:
    return replace(stored, hash=entry_hash(stored.entry, stored.previous))


@given(st.integers(1, 12), st.sets(st.integers(1, 12)))
def test_a_whole_chain_has_no_faults(length: int, seqs: set[int]) -> None:
    chain = chain_of(length)
    anchors = anchors_of(chain, *(seq for seq in seqs if seq <= length))
    assert found(chain, head_of(chain), anchors) == []
    assert found(chain) == []


def test_nothing_where_nothing_is_expected_is_whole() -> None:
    assert check_subject([], None, []) == []
    assert check_subject([], Head(0, GENESIS), [], subject=SUBJECT) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "person:8"},
        {"operation": "cases.decline"},
        {"at": AT},
        {"facts": {"step": 3, "item": "B"}},
        {"digests": {"name": "00"}},
        {"subject": "case:124"},
    ],
)
def test_an_altered_payload_is_named(change: dict[str, Any]) -> None:
    chain = chain_of(5)
    chain[2] = replace(chain[2], entry=replace(chain[2].entry, **change))
    assert found(chain, head_of(chain)) == [(FaultKind.ALTERED, 3)]


def test_an_altered_payload_with_its_own_hash_recomputed_is_named() -> None:
    chain = chain_of(5)
    chain[2] = rehashed(altered(chain[2]))
    assert found(chain, head_of(chain)) == [(FaultKind.ALTERED, 3)]


def test_an_altered_last_entry_with_its_hash_recomputed_is_found_by_the_head() -> None:
    chain = chain_of(5)
    head = head_of(chain)
    chain[4] = rehashed(altered(chain[4]))
    assert found(chain) == []
    assert found(chain, head) == [(FaultKind.HEAD_DIFFERS, 5)]


def test_a_payload_that_cannot_be_hashed_is_altered() -> None:
    chain = chain_of(3)
    chain[1] = replace(chain[1], entry=replace(chain[1].entry, facts={"step": 0.5}))
    chain[2] = replace(chain[2], previous=b"short")
    assert found(chain) == [(FaultKind.ALTERED, 2), (FaultKind.ALTERED, 3)]


def test_a_changed_link_is_named() -> None:
    chain = chain_of(4)
    chain[2] = rehashed(replace(chain[2], previous=bytes(range(32))))
    assert (FaultKind.ALTERED, 2) in found(chain)


def test_a_chain_that_does_not_start_at_the_beginning_is_named() -> None:
    chain = linked([entry(seq) for seq in range(1, 4)], previous=bytes(range(32)))
    assert found(chain) == [(FaultKind.ALTERED, 1)]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (3, 3), (2, 4)])
def test_deleted_entries_are_missing_and_nothing_else_is_said(first: int, last: int) -> None:
    chain = chain_of(6)
    head = head_of(chain)
    kept = chain[: first - 1] + chain[last:]
    assert found(kept, head) == [(FaultKind.MISSING, first)]


def test_a_deleted_entry_whose_successors_were_renumbered_is_found() -> None:
    chain = chain_of(5)
    kept = chain[:2] + [
        replace(one, entry=replace(one.entry, seq=one.entry.seq - 1)) for one in chain[3:]
    ]
    faults = found(kept, head_of(chain))
    assert (FaultKind.CUT_TAIL, 5) in faults
    assert {seq for _, seq in faults} >= {3, 4}


def test_a_consistently_rewritten_suffix_is_found_only_by_head_or_anchor() -> None:
    chain = chain_of(6)
    forged = [entry(seq, actor="person:8") for seq in range(4, 7)]
    rewritten = chain[:3] + linked(forged, chain[2].hash)
    assert found(rewritten) == []
    assert found(rewritten, head_of(chain)) == [(FaultKind.HEAD_DIFFERS, 6)]
    adjusted = head_of(rewritten)
    assert found(rewritten, adjusted) == []
    assert found(rewritten, adjusted, anchors_of(chain, 2, 3)) == []
    assert found(rewritten, adjusted, anchors_of(chain, 3, 5)) == [(FaultKind.ALTERED, 5)]


def test_two_rows_swapped_in_the_stored_order_are_reordered() -> None:
    chain = chain_of(5)
    chain[2], chain[3] = chain[3], chain[2]
    assert found(chain, head_of(chain)) == [(FaultKind.REORDERED, 3)]


def test_two_payloads_swapped_between_rows_are_reordered() -> None:
    chain = chain_of(5)
    head = head_of(chain)
    third, fourth = chain[2], chain[3]
    chain[2] = replace(fourth, entry=replace(fourth.entry, seq=3))
    chain[3] = replace(third, entry=replace(third.entry, seq=4))
    assert found(chain, head) == [(FaultKind.REORDERED, 3), (FaultKind.REORDERED, 4)]


def test_two_entries_swapped_and_hashed_anew_are_found_by_the_next_link() -> None:
    chain = chain_of(5)
    swapped = [replace(chain[3].entry, seq=3), replace(chain[2].entry, seq=4)]
    forged = chain[:2] + linked(swapped, chain[1].hash) + chain[4:]
    assert found(forged, head_of(forged)) == [(FaultKind.ALTERED, 4)]


def test_an_entry_stored_twice_is_duplicated() -> None:
    chain = chain_of(4)
    twice = [*chain, chain[1]]
    assert found(twice, head_of(chain)) == [(FaultKind.DUPLICATED, 2)]


def test_a_rival_entry_of_the_same_number_is_duplicated() -> None:
    chain = chain_of(4)
    rival = rehashed(altered(chain[1]))
    assert (FaultKind.DUPLICATED, 2) in found([*chain, rival], head_of(chain))


@pytest.mark.parametrize("seq", [0, -1])
def test_an_entry_put_before_the_first_is_named(seq: int) -> None:
    chain = chain_of(2)
    extra = linked([entry(seq)])
    assert (FaultKind.ALTERED, seq) in found(extra + chain, head_of(chain))


def test_a_cut_tail_is_found_by_the_head() -> None:
    chain = chain_of(6)
    assert found(chain[:4], head_of(chain)) == [(FaultKind.CUT_TAIL, 5)]


def test_a_cut_tail_with_the_head_adjusted_is_found_by_an_anchor() -> None:
    chain = chain_of(6)
    cut = chain[:4]
    assert found(cut, head_of(cut)) == []
    assert found(cut, head_of(cut), anchors_of(chain, 4)) == []
    assert found(cut, head_of(cut), anchors_of(chain, 3, 6)) == [(FaultKind.CUT_TAIL, 5)]


def test_an_entry_beyond_the_head_differs() -> None:
    chain = chain_of(3)
    assert found(chain, head_of(chain[:2])) == [(FaultKind.HEAD_DIFFERS, 3)]
    assert found(chain, Head(0, GENESIS)) == [(FaultKind.HEAD_DIFFERS, 3)]


def test_a_vanished_subject_is_named_by_head_or_anchor() -> None:
    chain = chain_of(3)
    assert found([], head_of(chain)) == [(FaultKind.VANISHED, 1)]
    assert found([], None, anchors_of(chain, 2)) == [(FaultKind.VANISHED, 1)]
    (fault,) = check_subject([], None, anchors_of(chain, 2))
    assert fault.subject == SUBJECT


def test_anchors_of_other_subjects_are_left_out() -> None:
    chain = chain_of(2)
    other = Anchor("case:999", 5, bytes(32))
    assert found(chain, head_of(chain), [other]) == []
    assert found([], None, [other]) == []


def _delete(chain: list[StoredEntry], at: int) -> list[StoredEntry]:
    return chain[:at] + chain[at + 1 :]


def _alter(chain: list[StoredEntry], at: int) -> list[StoredEntry]:
    return [*chain[:at], altered(chain[at]), *chain[at + 1 :]]


def _alter_and_rehash(chain: list[StoredEntry], at: int) -> list[StoredEntry]:
    return [*chain[:at], rehashed(altered(chain[at])), *chain[at + 1 :]]


def _rewrite_from(chain: list[StoredEntry], at: int) -> list[StoredEntry]:
    previous = chain[at - 1].hash if at else GENESIS
    return chain[:at] + linked([altered(one).entry for one in chain[at:]], previous)


def _cut(chain: list[StoredEntry], at: int) -> list[StoredEntry]:
    return chain[:at]


def _swap(chain: list[StoredEntry], at: int) -> list[StoredEntry]:
    other = (at + 1) % len(chain)
    swapped = list(chain)
    swapped[at], swapped[other] = swapped[other], swapped[at]
    return swapped


@given(
    st.integers(2, 10),
    st.integers(0, 9),
    st.sampled_from([_delete, _alter, _alter_and_rehash, _rewrite_from, _cut, _swap]),
    st.booleans(),
)
def test_no_attack_escapes_an_anchor_at_the_end(
    length: int, at: int, attack: Any, is_head_adjusted: bool
) -> None:
    chain = chain_of(length)
    attacked = attack(list(chain), at % length)
    head = head_of(attacked) if is_head_adjusted and attacked else head_of(chain)
    assert found(attacked, head, anchors_of(chain, length))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_a_value_read_back_from_json_has_the_same_canonical_form(value: Any) -> None:
    written = canonical(value)
    assert canonical(json.loads(written)) == written
    assert plain(value) == value


def test_canonical_form_is_sorted_utf_8_without_blanks() -> None:
    value = {"b": [1, True, None], "a": "𠮷", "on": date(2026, 11, 21), "fee": Decimal("1.50")}
    text = '{"a":"𠮷","b":[1,true,null],"fee":"1.50","on":"2026-11-21"}'
    assert canonical(value) == text.encode()


def test_times_are_utc_to_the_microsecond() -> None:
    local = datetime(2026, 11, 21, 9, 2, 3, tzinfo=BEIJING)
    assert canonical(local) == canonical(AT) == b'"2026-11-21T01:02:03.000000Z"'
    assert entry_hash(entry(1, at=local), GENESIS) == entry_hash(entry(1, at=AT), GENESIS)


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        float("nan"),
        {"a": [1, {"b": 1.0}]},
        {1: "a"},
        {None: "a"},
        {1.5: "a"},
        (1, 2.0),
        b"bytes",
        {1, 2},
        Decimal("NaN"),
        datetime(2026, 11, 21),  # noqa: DTZ001 - a naive time is the point
    ],
)
def test_what_has_no_single_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical("\ud800")


def test_members_of_enums_and_read_only_mappings_hash_as_their_values() -> None:
    class Kind(StrEnum):
        GOOD = "good"

    assert canonical(MappingProxyType({"kind": Kind.GOOD})) == canonical({"kind": "good"})


def test_the_entry_hash_is_pinned() -> None:
    content = (
        '["case:123",1,"2026-11-21T01:03:03.000000Z","person:7","cases.accept",'
        '{"item":"A","step":1},{}]'
    )
    expected = hashlib.sha256(b"yiwang.record.entry.1\x00" + bytes(32) + content.encode())
    assert entry_hash(entry(1), GENESIS) == expected.digest()


def test_the_hash_before_must_be_whole() -> None:
    with pytest.raises(ValueError, match="32"):
        entry_hash(entry(1), b"")


def test_salted_digests_depend_on_salt_and_value_and_need_a_real_salt() -> None:
    salt, other = bytes(16), bytes(15) + b"\x01"
    digests = {
        salted_digest(salt, "张三"),
        salted_digest(salt, "李四"),
        salted_digest(other, "张三"),
    }
    assert len(digests) == 3
    assert {len(digest) for digest in digests} == {64}
    assert salted_digest(salt, {"a": 1, "b": 2}) == salted_digest(salt, {"b": 2, "a": 1})
    with pytest.raises(ValueError, match="16"):
        salted_digest(b"short", "张三")


def reference_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962 §2.1 word for word."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = reference_root(leaves[:split]), reference_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


PUBLISHED_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
PUBLISHED_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
}


@pytest.mark.parametrize(("size", "root"), PUBLISHED_ROOTS.items())
def test_roots_agree_with_the_published_vectors(size: int, root: str) -> None:
    leaves = [hash_leaf(bytes.fromhex(text)) for text in PUBLISHED_LEAVES[:size]]
    assert merkle_root(leaves).hex() == root


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert merkle_root([]) == hashlib.sha256(b"").digest()


leaf_lists = st.lists(st.binary(max_size=4).map(hash_leaf), min_size=1, max_size=40)


@given(leaf_lists, st.data())
def test_every_leaf_has_a_proof_and_no_other_leaf_has_it(
    leaves: list[bytes], data: st.DataObject
) -> None:
    root = merkle_root(leaves)
    assert root == reference_root(leaves)
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof = inclusion_proof(leaves, index)
    size = len(leaves)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(hash_leaf(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, (*proof, root), root)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    if proof:
        assert not verify_inclusion(leaves[index], index, size, proof[:-1], root)
        assert not verify_inclusion(leaves[index], index, size, proof, leaves[index])


def test_a_proof_of_a_leaf_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        inclusion_proof([hash_leaf(b"a")], 1)


def test_leaves_differ_by_subject_seq_and_hash() -> None:
    base = leaf_hash("case:1", 1, bytes(32))
    others = [
        leaf_hash("case:11", 1, bytes(32)),
        leaf_hash("case:1", 11, bytes(32)),
        leaf_hash("case:1", 1, bytes(31) + b"\x01"),
    ]
    assert len({base, *others}) == 4
