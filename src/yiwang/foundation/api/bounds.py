"""Types with bounds: nothing reaches the database that it cannot hold.

PostgreSQL's bigint ends at 2^63-1 and its text holds no NUL; every text has a longest length.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

BIGGEST = 2**63 - 1
NO_NUL = r"^[^\x00]*$"

Id = Annotated[int, Field(ge=1, le=BIGGEST)]
BodyId = Annotated[int, Field(ge=1, le=BIGGEST, strict=True)]
Version = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True, description="您看到的版本号")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
Cursor = Annotated[str, StringConstraints(max_length=400, pattern=r"^[A-Za-z0-9_-]*$")]
PageSize = Annotated[int, Field(ge=1, le=100)]
# The working calendar reaches from 1990 to 2120.
Day = Annotated[date, Field(ge=date(1991, 1, 1), le=date(2100, 12, 31))]
Word = Annotated[str, StringConstraints(max_length=120, pattern=NO_NUL)]
Line = Annotated[str, StringConstraints(max_length=400, pattern=NO_NUL)]
Note = Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)]
# An instant with its offset; no day that some month does not have.
Instant = Annotated[
    str,
    StringConstraints(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]"
        r"(:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"
        r"|^20[0-9]{2}-(0[13-9]|1[0-2])-(29|30)T([01][0-9]|2[0-3]):[0-5][0-9]"
        r"(:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"
        r"|^20[0-9]{2}-(0[13578]|1[02])-31T([01][0-9]|2[0-3]):[0-5][0-9]"
        r"(:[0-5][0-9])?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"
    ),
    Field(description="带时区的时间,例如 2026-03-02T09:30:00+08:00"),
]
Flag = Annotated[bool, Field(strict=True)]

_Whole = Annotated[int, Field(ge=-BIGGEST, le=BIGGEST, strict=True)]
_Decimal = Annotated[float, Field(ge=-1e15, le=1e15, strict=True, allow_inf_nan=False)]
_Answer = Note | Flag | _Whole | _Decimal | Annotated[list[Line], Field(max_length=50)] | None
Answers = Annotated[
    dict[Code, _Answer],
    Field(
        max_length=200,
        description="表单答案:字段代码 → 值;null 表示清空这一项",
        json_schema_extra={"additionalProperties": False},
    ),
]


def instant(text: str) -> datetime:
    """The moment of an `Instant`."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class Body(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


def storable(value: Any, path: str = "") -> str | None:
    """The path of the first text in JSON data that PostgreSQL cannot store (NUL, half of a
    surrogate pair), or None. Raises RecursionError for data nested too deeply."""
    if isinstance(value, str):
        return None if _is_storable(value) else path
    if isinstance(value, dict):
        parts = [(f"{path}.{name}" if path else name, name, part) for name, part in value.items()]
        for inner, name, part in parts:
            if not _is_storable(name):
                return path
            if (found := storable(part, inner)) is not None:
                return found
    if isinstance(value, list):
        for place, part in enumerate(value):
            if (found := storable(part, f"{path}.{place}")) is not None:
                return found
    return None


def _is_storable(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
