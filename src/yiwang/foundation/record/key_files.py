"""The names of the record's signing key and its public half in the folder of keys."""

PRIVATE, PUBLIC = "record.key", "record.pub"
