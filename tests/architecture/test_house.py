"""Habits of the house that no linter knows: sizes, access on every route, templates in use."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "yiwang"
PYTHON = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_a_source_file_and_its_functions_stay_readable(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=relative)
def test_a_test_file_stays_readable(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 600


def routes(
    patterns: list[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern.callback


def test_every_route_says_who_may_open_it() -> None:
    silent = [
        path
        for path, view in routes(get_resolver().url_patterns)
        if not path.startswith("api/") and not getattr(view, "access_rule", "")
    ]
    assert silent == []


@pytest.mark.django_db
def test_the_migrations_are_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_every_template_is_used() -> None:
    templates = {
        str(path.relative_to(folder)): path
        for folder in SOURCE.rglob("templates")
        for path in folder.rglob("*.html")
    }
    texts = [p.read_text(encoding="utf-8") for p in [*PYTHON, *templates.values()]]
    everything = "\n".join(texts)
    composed = re.compile(r"shell/components/|shell/(empty|print|gallery)\.html")
    unused = [n for n in templates if f"{n}" not in everything and not composed.match(n)]
    assert unused == []


def test_no_file_names_a_place_of_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False
    ).stdout.decode()
    words = ["/".join(["", "work", "main"]), "/".join(["..", "shared"])]
    found = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix in {
            ".py",
            ".md",
            ".toml",
            ".yaml",
            ".html",
            ".txt",
            ".json",
            "",
        }:
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [(name, word) for word in words if word in text]
    assert found == []
