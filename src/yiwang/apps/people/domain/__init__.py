"""Kinds of persons, organs and roles; which administrators exclude each other."""
