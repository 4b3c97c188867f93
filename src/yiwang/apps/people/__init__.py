"""Persons, organisations, areas, posts and who stands in for whom."""
