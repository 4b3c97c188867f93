"""Dated data kept by two people: what parameters, seals and texts of documents have in common.

One person proposes from a day on, with a source and a reason; another confirms or sends back.
What was confirmed is not changed, another row follows it.
"""
