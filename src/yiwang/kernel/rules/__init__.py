"""Decision tables: what staff configure instead of code; fail-closed and three-valued.

``load`` a table from plain mappings, ``check`` it for gaps and overlaps, ``decide`` over facts.
"""

from yiwang.kernel.rules.checking import Problem, ProblemKind, check
from yiwang.kernel.rules.conditions import NoneOf, OneOf, Range, Value
from yiwang.kernel.rules.deciding import Cause, RowTrace, Standing, Trace, Verdict, decide
from yiwang.kernel.rules.loading import TableError, load
from yiwang.kernel.rules.table import TO_PERSON, Input, InputType, Row, Table

__all__ = [
    "TO_PERSON",
    "Cause",
    "Input",
    "InputType",
    "NoneOf",
    "OneOf",
    "Problem",
    "ProblemKind",
    "Range",
    "Row",
    "RowTrace",
    "Standing",
    "Table",
    "TableError",
    "Trace",
    "Value",
    "Verdict",
    "check",
    "decide",
    "load",
]
