"""Pages of the platform itself: the demonstration, its upkeep, its statements."""
