"""Pure rules: calendar, clock, machine, decision tables, identifiers, numbering, chain.

Nothing here reads a clock, a file or a network, and nothing here knows Django.
"""
