"""Only the doors of lower apps are used: `public` and `events`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from yiwang.site.settings import CONTEXTS

APPS = Path(__file__).resolve().parents[2] / "src" / "yiwang" / "apps"
ORDER = [name.rsplit(".", 1)[1] for name in CONTEXTS]
FILES = sorted(path for path in APPS.rglob("*.py") if "migrations" not in path.parts)


def imports_of(path: Path) -> list[tuple[str, list[str]]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, [alias.name for alias in node.names]))
        elif isinstance(node, ast.Import):
            found += [(alias.name, []) for alias in node.names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APPS)))
def test_an_app_enters_another_only_by_its_doors_and_only_downwards(path: Path) -> None:
    own = path.relative_to(APPS).parts[0]
    wrong = []
    for module, names in imports_of(path):
        if not module.startswith("yiwang.apps."):
            continue
        parts = module.split(".")[2:]
        doors = parts[1:2] or names
        if parts[0] == own:
            continue
        if ORDER.index(parts[0]) > ORDER.index(own):
            wrong.append(f"{module} is above")
        if not set(doors) <= {"public", "events"}:
            wrong.append(f"{module} is not a door")
    assert wrong == []


@pytest.mark.parametrize("name", ["domain"])
def test_domains_know_no_framework(name: str) -> None:
    for path in FILES:
        if name in path.relative_to(APPS).parts:
            modules = [module for module, _ in imports_of(path)]
            assert not [m for m in modules if m.split(".")[0] in {"django", "ninja", "psycopg"}], (
                path
            )
