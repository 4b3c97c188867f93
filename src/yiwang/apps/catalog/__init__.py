"""Service items: one definition each, from which everything else is computed."""
