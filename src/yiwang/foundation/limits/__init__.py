"""How often something may be done: counters in the database, the same for every process."""
