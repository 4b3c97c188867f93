"""Model fields for sensitive values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from yiwang.foundation.secrets import keyring


class EncryptedField(models.BinaryField):
    """A JSON-able value sealed with the keyring; never searched, never in a list.

    The purpose is the column's own name, so that a value copied to another column does not open.
    """

    if TYPE_CHECKING:
        # What comes out is the value that went in, not bytes.
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def _purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return super().get_db_prep_value(
            keyring().encrypt(value, purpose=self._purpose), connection, prepared
        )

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        return keyring().decrypt(value, purpose=self._purpose)

    def value_to_string(self, obj: Any) -> str:
        raise TypeError("a sealed column is not serialised")
