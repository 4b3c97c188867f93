"""National identifiers: one small module per standard, all pure functions of text.

Each module offers ``check(value) -> Checked`` (normalised value, errors, warnings, all in Chinese)
and ``is_valid``; structured codes add ``parse`` and ``compose``. Errors mean that the value cannot
be what it claims to be; warnings mean that a person should look, and never block an import.
"""
