"""`make requirements`: which rows of docs/requirements.csv tests prove, by module."""

from __future__ import annotations

import ast
import csv
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def proofs() -> dict[str, list[str]]:
    """Row → tests that carry its mark, read from the tests' source."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(
                    "mark.row"
                ):
                    for argument in decorator.args:
                        found[ast.literal_eval(argument)].append(
                            f"{path.relative_to(ROOT)}::{node.name}"
                        )
    return found


def main() -> None:
    """Print the table."""
    proven = proofs()
    with (ROOT / "docs" / "requirements.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    by_module: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_module[row["module"]].append(row)
    for module, members in sorted(by_module.items()):
        done = [row for row in members if row["id"] in proven]
        print(f"{module:<13} {len(done):>3} / {len(members)}")
        for row in done:
            print(f"    {row['id']}  {row['what'][:70]}")
            for test in proven[row["id"]]:
                print(f"          {test}")
    known = {row["id"] for row in rows}
    print(f"\n合计 {len(set(proven) & known)} / {len(rows)} 行有测试证明。")
    if unknown := sorted(set(proven) - known):
        print(f"测试标了不存在的行:{'、'.join(unknown)}")


if __name__ == "__main__":
    main()
