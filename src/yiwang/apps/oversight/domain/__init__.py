"""Rules of what follows a decision, without a framework."""
