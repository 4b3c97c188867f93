"""Search in PostgreSQL: two-character tokens in a table of its own."""
