"""`yiwang verify`: every way in which the record could have been changed, named.

Three things are held against each other: the chain of each subject, the signed seals kept outside
the database, and the projections (case rows, forms, files, documents, cards) the record tells of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from yiwang.apps.archives.verifying import check_packages
from yiwang.apps.cases.checking import check_case_projections
from yiwang.apps.cases.models import Case
from yiwang.apps.certificates.verifying import (
    check_certificates,
    check_makings,
    head_of_certificate,
    head_of_making,
    head_of_stock,
)
from yiwang.apps.enquiries.verifying import check_enquiries, head_of_enquiry
from yiwang.apps.hall.verifying import check_appointments, head_of_appointment
from yiwang.apps.oversight.verifying import check_follow_ups, head_of_follow_up
from yiwang.apps.ratings.verifying import check_bad_ratings, head_of_bad_rating
from yiwang.apps.supervision.checking import check_cards, head_of_card
from yiwang.foundation.environment import environment
from yiwang.foundation.record.models import RecordEntry, RootSeal
from yiwang.foundation.record.sealing import SealError, read_seal
from yiwang.kernel.chain import (
    Anchor,
    Entry,
    Head,
    StoredEntry,
    check_subject,
    entry_hash,
    leaf_hash,
    merkle_root,
)

# Subjects whose own row keeps the head of their record, besides cases.
HEADS: dict[str, Callable[[int], Head | None]] = {
    "appointment": head_of_appointment,
    "bad_rating": head_of_bad_rating,
    "blank_stock": head_of_stock,
    "card": head_of_card,
    "certificate": head_of_certificate,
    "enquiry": head_of_enquiry,
    "follow_up": head_of_follow_up,
    "making": head_of_making,
}


@dataclass
class Report:
    """What was read and what was found. `findings` are (subject, kind, message)."""

    subjects: int = 0
    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    findings: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        return {
            "is_clean": self.is_clean,
            "subjects": self.subjects,
            "entries": self.entries,
            "seals": self.seals,
            "unsealed_entries": self.unsealed,
            "findings": [{"subject": s, "kind": k, "message": m} for s, k, m in self.findings],
        }

    def as_text(self) -> str:
        lines = [f"{subject}  {message}" for subject, _, message in self.findings]
        verdict = "记录完整,没有发现改动。" if self.is_clean else f"发现 {len(lines)} 处问题:"
        head = (
            f"{verdict}\n核验 {self.subjects} 个对象、{self.entries} 条记录、{self.seals} 个签封;"
            f"最后一次签封之后还有 {self.unsealed} 条(尾部截断只能与办件数据对照发现)。"
        )
        return "\n".join([head, *lines])


def verify_all(roots: Path) -> Report:
    """Verify everything. Reads the whole record once, in order of subject."""
    report = Report()
    anchors = _anchors(roots, report)
    heads = check_case_projections(report.findings) | check_cards(report.findings)
    heads |= check_certificates(report.findings) | check_follow_ups(report.findings)
    heads |= check_enquiries(report.findings)
    heads |= check_appointments(report.findings)
    heads |= check_bad_ratings(report.findings)
    heads |= check_makings(report.findings)
    check_packages(report.findings)
    seen: set[str] = set()
    for subject, entries in _subjects():
        seen.add(subject)
        report.subjects += 1
        report.entries += len(entries)
        _check(subject, entries, heads.get(subject), anchors.get(subject, ()), report)
    for subject in sorted((set(anchors) | set(heads)) - seen):
        _check(subject, [], heads.get(subject), anchors.get(subject, ()), report)
    sealed = RootSeal.objects.order_by("-number").values_list("last_entry", flat=True).first() or 0
    report.unsealed = RecordEntry.objects.filter(id__gt=sealed).count()
    return report


def verify_subject(subject: str, roots: Path) -> Report:
    """One subject: its chain against itself, every seal, and the head its own row keeps.

    What the record tells of (forms, documents) is held against it by `verify_all` only.
    """
    report = Report(subjects=1)
    anchors = _anchors(roots, report)
    rows = RecordEntry.objects.filter(subject=subject).order_by("id")
    entries = [_stored(row) for row in rows]
    report.entries = len(entries)
    _check(subject, entries, _head_kept(subject), anchors.get(subject, ()), report)
    sealed = RootSeal.objects.order_by("-number").values_list("last_entry", flat=True).first() or 0
    report.unsealed = rows.filter(id__gt=sealed).count()
    return report


def verify_last_seals(roots: Path, number: int) -> Report:
    """The entries of the last `number` seals against their signed files, in seconds at any size:
    each entry's own hash, and the root over them in order."""
    report = Report()
    rows = list(RootSeal.objects.order_by("-number")[: number + 1])[::-1]
    start = 0
    if len(rows) > number:  # the one before tells where the first of them begins
        start = rows.pop(0).last_entry
    subjects: set[str] = set()
    for row in rows:
        entries = RecordEntry.objects.filter(id__gt=start, id__lte=row.last_entry).order_by("id")
        found = [_stored(entry) for entry in entries.iterator(chunk_size=5000)]
        start = row.last_entry
        subjects |= {one.entry.subject for one in found}
        report.entries += len(found)
        report.seals += 1
        report.findings += _seal_faults(roots, row, found)
    report.subjects = len(subjects)
    report.unsealed = RecordEntry.objects.filter(id__gt=start).count()
    return report


def _seal_faults(
    roots: Path, row: RootSeal, entries: list[StoredEntry]
) -> Iterator[tuple[str, str, str]]:
    try:
        sealed = read_seal(roots / row.file_name, environment().keys)
    except SealError as error:
        yield "seal", "ALTERED", str(error)
        return
    leaves = [leaf_hash(one.entry.subject, one.entry.seq, one.hash) for one in entries]
    if not bytes(row.root) == sealed.root == merkle_root(leaves):
        yield "seal", "ALTERED", f"签封 {row.file_name} 与数据库里的记录不符"
    for one in entries:
        if entry_hash(one.entry, one.previous) != one.hash:
            yield one.entry.subject, "ALTERED", f"第 {one.entry.seq} 条的内容被改动"


def _head_kept(subject: str) -> Head | None:
    kind, _, number = subject.partition(":")
    if not (number.isdecimal() and len(number) < 19):
        return None
    if kind in HEADS:
        return HEADS[kind](int(number))
    if kind != "case":
        return None
    row = Case.objects.filter(pk=int(number)).values_list("version", "record_hash").first()
    return Head(row[0], bytes(row[1])) if row else None


def _check(
    subject: str,
    entries: list[StoredEntry],
    head: Head | None,
    anchors: Iterable[Anchor],
    report: Report,
) -> None:
    for fault in check_subject(entries, head, anchors, subject=subject):
        report.findings.append((subject, fault.kind.value, fault.message))


def _subjects() -> Iterator[tuple[str, list[StoredEntry]]]:
    rows = RecordEntry.objects.order_by("subject", "id").iterator(chunk_size=5000)
    for subject, group in groupby(rows, key=lambda row: row.subject):
        yield subject, [_stored(row) for row in group]


def _stored(row: RecordEntry) -> StoredEntry:
    entry = Entry(
        subject=row.subject,
        seq=row.seq,
        at=row.at,
        actor=row.actor,
        operation=row.operation,
        facts=row.facts,
        digests=row.digests,
    )
    return StoredEntry(entry, bytes(row.previous), bytes(row.hash))


def _anchors(roots: Path, report: Report) -> dict[str, list[Anchor]]:
    """Anchors of every seal file, the files held against the seal rows both ways."""
    found: dict[str, list[Anchor]] = defaultdict(list)
    previous = ""
    rows = {row.file_name: row for row in RootSeal.objects.order_by("number")}
    files = {path.name: path for path in sorted(roots.glob("*.json.gz"))}
    for name in sorted(set(rows) - set(files)):
        report.findings.append(("seal", "MISSING", f"签封文件 {name} 不见了"))
    for name, path in files.items():
        try:
            sealed = read_seal(path, environment().keys)
        except SealError as error:
            report.findings.append(("seal", "ALTERED", str(error)))
            continue
        if name not in rows:
            report.findings.append(("seal", "MISSING", f"数据库里没有签封 {name} 的登记"))
        elif bytes(rows[name].root) != sealed.root:
            report.findings.append(("seal", "ALTERED", f"签封 {name} 的登记与文件不符"))
        if sealed.previous_root != previous and previous:
            report.findings.append(("seal", "MISSING", f"签封 {name} 之前缺少签封"))
        previous = sealed.root.hex()
        report.seals += 1
        for anchor in sealed.anchors:
            found[anchor.subject].append(anchor)
    return found
