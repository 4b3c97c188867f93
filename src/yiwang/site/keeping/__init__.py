"""Keeping a deployment safe: backup, restore, upgrade, checks before the start, retention."""
