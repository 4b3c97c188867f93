"""The record's hash chain: entries and hashes, the search for tampering, Merkle roots.

One chain per subject: each entry's hash covers its content and the hash before it. A chain alone
does not notice a missing tail or a missing subject, so the entries of a period are also gathered
in a Merkle tree whose root is signed and kept outside the database; the entries which those files
name are the *anchors*. Entries hold ids and salted digests, no personal data.
"""

from yiwang.kernel.chain.checking import Anchor, Fault, FaultKind, check_subject
from yiwang.kernel.chain.entries import (
    GENESIS,
    HASH_SIZE,
    Entry,
    Head,
    StoredEntry,
    canonical,
    entry_hash,
    plain,
    salted_digest,
)
from yiwang.kernel.chain.merkle import (
    inclusion_proof,
    leaf_hash,
    merkle_root,
    verify_inclusion,
)

__all__ = [
    "GENESIS",
    "HASH_SIZE",
    "Anchor",
    "Entry",
    "Fault",
    "FaultKind",
    "Head",
    "StoredEntry",
    "canonical",
    "check_subject",
    "entry_hash",
    "inclusion_proof",
    "leaf_hash",
    "merkle_root",
    "plain",
    "salted_digest",
    "verify_inclusion",
]
