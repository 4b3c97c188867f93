"""Editing a definition in plain fields, drawn from the definition's own model.

`outline` cuts a definition into pages, `shapes` says how a field is asked, `drawing` makes the
fields of a part, `reading` makes the part of what was posted. Nothing is listed twice: a new field
of the definition is editable the day it is added, and a test walks every one.
"""
