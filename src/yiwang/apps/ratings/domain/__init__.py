"""Rules of ratings, without a framework."""
