"""Merkle trees in the manner of RFC 6962 (§2.1): roots, and proofs that an entry is under one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from yiwang.kernel.chain.entries import canonical

# Leaves and nodes are hashed apart, so that no node can be passed off as a leaf.
_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(subject: str, seq: int, hash: bytes) -> bytes:
    """The leaf of one entry: 32 bytes."""
    return hash_leaf(canonical([subject, seq, hash.hex()]))


def hash_leaf(content: bytes) -> bytes:
    """RFC 6962's leaf hash of any bytes."""
    return hashlib.sha256(_LEAF + content).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in the order given; of no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The sibling hashes from leaf ``index`` (from 0) up to the root. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError("没有这个序号的叶子")
    proof = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):  # else the last of an odd level rises unchanged
            proof.append(level[sibling])
        level = _above(level)
        index >>= 1
    return tuple(proof)


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the proof leads from the leaf at ``index`` of ``size`` leaves to the root."""
    if not 0 <= index < size:
        return False
    node, siblings, last = leaf, iter(proof), size - 1
    while last:
        if index & 1 or index < last:
            sibling = next(siblings, None)
            if sibling is None:
                return False
            node = _node(sibling, node) if index & 1 else _node(node, sibling)
        index >>= 1
        last >>= 1
    return next(siblings, None) is None and node == root


def _above(level: list[bytes]) -> list[bytes]:
    above = [_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    if len(level) % 2:
        above.append(level[-1])
    return above


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
