"""Checking one subject's chain against itself, its head and the signed anchors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from yiwang.kernel.chain.entries import GENESIS, Head, StoredEntry, entry_hash


class FaultKind(StrEnum):
    """What was done to a chain."""

    ALTERED = "ALTERED"
    MISSING = "MISSING"
    REORDERED = "REORDERED"
    DUPLICATED = "DUPLICATED"
    CUT_TAIL = "CUT_TAIL"
    HEAD_DIFFERS = "HEAD_DIFFERS"
    VANISHED = "VANISHED"


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry named by a signed root file outside the database."""

    subject: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; ``seq`` is the entry concerned, or the first of those missing."""

    subject: str
    seq: int
    kind: FaultKind
    message: str


def check_subject(
    entries: Sequence[StoredEntry],
    head: Head | None,
    anchored: Iterable[Anchor],
    *,
    subject: str | None = None,
) -> list[Fault]:
    """Every fault of one subject's chain, ordered by seq; an empty list where it is whole.

    Args:
        entries: in stored order (by primary key, *not* by seq: swapped rows show only so).
        head: where the chain should end by the copy kept beside it; None if none is kept, and
            then only anchors show a cut tail or a rewritten end.
        anchored: what signed files say; those of other subjects are left out.
        subject: whose chain it is; by default that of the first entry or anchor.

    A rewrite of the whole chain after the last anchor with its head adjusted cannot be found by
    anyone: that is the window since the last root.
    """
    anchors = list(anchored)
    name = subject if subject is not None else _subject_of(entries, anchors)
    anchors = sorted({a for a in anchors if a.subject == name}, key=lambda anchor: anchor.seq)
    if not entries:
        return _check_absence(name, head, anchors)
    chain = _Chain(name, entries)
    chain.check_order()
    chain.check_hashes()
    chain.check_links()
    chain.check_anchors(anchors)
    chain.check_end(head, anchors)
    return sorted(chain.faults, key=lambda fault: fault.seq)


def _subject_of(entries: Sequence[StoredEntry], anchors: Sequence[Anchor]) -> str:
    if entries:
        return entries[0].entry.subject
    return anchors[0].subject if anchors else ""


def _check_absence(name: str, head: Head | None, anchors: Sequence[Anchor]) -> list[Fault]:
    expected = max([anchor.seq for anchor in anchors] + ([head.seq] if head else []), default=0)
    if not expected:
        return []
    source = "签名根文件" if anchors else "链头"
    message = f"整个对象的记录不见了：{source}载明至少有{expected}条，现在一条也没有"
    return [Fault(name, 1, FaultKind.VANISHED, message)]


class _Chain:
    """The entries of one subject and the faults found in them so far."""

    def __init__(self, name: str, entries: Sequence[StoredEntry]) -> None:
        self.name = name
        self.entries = entries
        self.by_seq: dict[int, list[StoredEntry]] = {}
        for stored in entries:
            self.by_seq.setdefault(stored.entry.seq, []).append(stored)
        self.last = max(self.by_seq)
        self.faults: list[Fault] = []
        # Entries whose content is already reported: one act shall give one fault.
        self.suspect: set[int] = set()

    def add(self, seq: int, kind: FaultKind, message: str) -> None:
        self.faults.append(Fault(self.name, seq, kind, message))
        if kind in (FaultKind.ALTERED, FaultKind.REORDERED):
            self.suspect.add(seq)

    def check_order(self) -> None:
        """Numbers that repeat, are out of the stored order, or lack."""
        seen: set[int] = set()
        highest = 0
        for stored in self.entries:
            seq = stored.entry.seq
            if seq < 1:
                self.add(seq, FaultKind.ALTERED, f"序号{seq}无效，应从1开始")
            elif seq in seen:
                self.add(seq, FaultKind.DUPLICATED, f"第{seq}条出现不止一次")
            elif seq < highest:
                self.add(seq, FaultKind.REORDERED, f"第{seq}条存放在第{highest}条之后，次序被改动")
            seen.add(seq)
            highest = max(highest, seq)
        for first, last in _stretches_missing(sorted(seen)):
            which = f"第{first}条" if first == last else f"第{first}条至第{last}条"
            self.add(first, FaultKind.MISSING, f"{which}缺失")

    def check_hashes(self) -> None:
        """Contents that do not give the hash stored with them."""
        places: dict[bytes, int] | None = None
        for stored in self.entries:
            seq = stored.entry.seq
            if stored.entry.subject == self.name and _computed(stored, seq) == stored.hash:
                continue
            if places is None:
                places = self._places_by_links()
            place = places.get(stored.hash, seq)
            if place != seq and _computed(stored, place) == stored.hash:
                self.add(seq, FaultKind.REORDERED, f"第{seq}条原是第{place}条，序号被改动")
            elif seq not in self.suspect:
                self.add(seq, FaultKind.ALTERED, f"第{seq}条的内容与它的哈希不符，记录后被改动")

    def check_links(self) -> None:
        """Neighbours of which the later does not name the hash of the earlier."""
        for seq in sorted(self.by_seq):
            before = [stored.hash for stored in self.by_seq.get(seq - 1, ())]
            if seq == 1:
                before = [GENESIS]
            linked = [stored for stored in self.by_seq[seq] if stored.previous in before]
            if not before or linked or self.suspect & {seq - 1, seq}:
                continue
            if seq == 1:
                self.add(1, FaultKind.ALTERED, "第1条之前另有记录的痕迹，开头被改动")
            else:
                message = f"第{seq - 1}条的哈希与第{seq}条所记的不符，其中一条被改写"
                self.add(seq - 1, FaultKind.ALTERED, message)

    def check_anchors(self, anchors: Sequence[Anchor]) -> None:
        """Entries that are not those which a signed file names."""
        for anchor in anchors:
            present = [stored.hash for stored in self.by_seq.get(anchor.seq, ())]
            if present and anchor.hash not in present and anchor.seq not in self.suspect:
                message = f"第{anchor.seq}条与签名根文件所载不符，它或它之前的记录被改写"
                self.add(anchor.seq, FaultKind.ALTERED, message)

    def check_end(self, head: Head | None, anchors: Sequence[Anchor]) -> None:
        """A tail that the head or an anchor knows and the entries lack; a head that differs."""
        by_anchor = anchors[-1].seq if anchors else 0
        by_head = head.seq if head else 0
        expected = max(by_anchor, by_head)
        if expected > self.last:
            source = "链头" if by_head >= by_anchor else "签名根文件"
            message = f"第{self.last + 1}条至第{expected}条缺失（据{source}），末尾被截去"
            self.add(self.last + 1, FaultKind.CUT_TAIL, message)
        if head is None or head.seq > self.last:
            return
        if head.seq < self.last:
            message = f"链头停在第{head.seq}条，记录却到第{self.last}条"
            self.add(self.last, FaultKind.HEAD_DIFFERS, message)
        elif all(stored.hash != head.hash for stored in self.by_seq[self.last]):
            message = f"第{self.last}条的哈希与链头不符，末尾的记录或链头被改写"
            self.add(self.last, FaultKind.HEAD_DIFFERS, message)

    def _places_by_links(self) -> dict[bytes, int]:
        """Where each hash belongs when the links are followed from the start."""
        following = {stored.previous: stored.hash for stored in self.entries}
        places: dict[bytes, int] = {}
        current = GENESIS
        while current in following and following[current] not in places:
            current = following[current]
            places[current] = len(places) + 1
        return places


def _computed(stored: StoredEntry, seq: int) -> bytes | None:
    """The hash of the content as if it stood at ``seq``; None where it cannot be hashed at all."""
    entry = stored.entry
    try:
        return entry_hash(entry if entry.seq == seq else replace(entry, seq=seq), stored.previous)
    except (TypeError, ValueError, AttributeError, OverflowError):
        return None


def _stretches_missing(present: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each stretch that lacks between 1 and the highest number."""
    before = 0
    for seq in present:
        if seq > before + 1:
            yield before + 1, seq - 1
        before = seq
