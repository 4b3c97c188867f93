"""The acts on a case, one function each: permission, transition, compare-and-swap, record, outbox."""
