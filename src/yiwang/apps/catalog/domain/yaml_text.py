"""Reading YAML fast and safely: packages of some forty items are read on the first start."""

from __future__ import annotations

from typing import Any

import yaml

# libyaml's reader where it is built in: the same safe constructors in a tenth of the time.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """The value of a YAML text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones


def read_typed_yaml(text: str) -> Any:
    """The same of a text that somebody typed or sent: without references, of which a few lines can
    stand for more than a machine holds. Raises yaml.YAMLError."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
        raise yaml.YAMLError("请不要用 & 和 * 引用,把内容写全。")
    return read_yaml(text)
