"""States, transitions and policies of a case. Framework-free."""
