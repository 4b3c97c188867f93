"""Certificates the city has issued: identifiers, holders, states, and what is held already."""
