"""The acts on a case, one function each, and what they have in common (act.py)."""
