"""The ground of a definition's parts: closed, immutable, checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Part(BaseModel):
    """A closed, immutable part: an unknown key in a package is a mistake, not an extension."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[
    str,
    Field(min_length=1, max_length=4000),
    BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v),
]
LimitText = Annotated[str, Field(pattern=r"^\d{1,4}(wd|d|wh|h|min|mon)$")]
