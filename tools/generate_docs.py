"""Write docs/generated/ from the code: run it after changing a table; a test compares."""

from __future__ import annotations

import ast
import os
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "generated"
APPS = ROOT / "src" / "yiwang" / "apps"


def case_states() -> str:
    """The transition table of a case, as a diagram and as rows."""
    from yiwang.apps.cases.domain.machine import MACHINE
    from yiwang.kernel.machine import mermaid

    rows = [
        f"| {t.label} | {'、'.join(MACHINE.states[s] for s in MACHINE.states if s in t.sources)} | "
        f"{MACHINE.states[t.target] if t.target else '不变'} | `{t.permission}` | "
        f"{t.document or '—'} | {t.article or '—'} |"
        for t in MACHINE.transitions
    ]
    head = "| 动作 | 从 | 到 | 权限 | 文书 | 依据 |\n|---|---|---|---|---|---|\n"
    return f"# 办件状态\n\n```mermaid\n{mermaid(MACHINE)}```\n\n{head}" + "\n".join(rows) + "\n"


def certificate_states() -> str:
    """The transition table of a certificate, as a diagram and as rows."""
    from yiwang.apps.certificates.domain.states import MACHINE
    from yiwang.kernel.machine import mermaid

    rows = [
        f"| {t.label} | {'、'.join(MACHINE.states[s] for s in MACHINE.states if s in t.sources)} | "
        f"{MACHINE.states[t.target] if t.target else '不变'} | `{t.permission}` | "
        f"{t.document or '—'} | {t.article or '—'} |"
        for t in MACHINE.transitions
    ]
    head = "| 动作 | 从 | 到 | 谁 | 文书 | 依据 |\n|---|---|---|---|---|---|\n"
    return f"# 证照状态\n\n```mermaid\n{mermaid(MACHINE)}```\n\n{head}" + "\n".join(rows) + "\n"


def making_states() -> str:
    """The transition table of making a certificate, as a diagram and as rows."""
    from yiwang.apps.certificates.domain.making import MACHINE
    from yiwang.kernel.machine import mermaid

    rows = [
        f"| {t.label} | {'、'.join(MACHINE.states[s] for s in MACHINE.states if s in t.sources)} | "
        f"{MACHINE.states[t.target] if t.target else '不变'} | `{t.permission}` |"
        for t in MACHINE.transitions
    ]
    head = "| 动作 | 从 | 到 | 谁 |\n|---|---|---|---|\n"
    return f"# 制证状态\n\n```mermaid\n{mermaid(MACHINE)}```\n\n{head}" + "\n".join(rows) + "\n"


def taking_in_states() -> str:
    """The transition table of what a window took in for another, as a diagram and as rows."""
    from yiwang.apps.cases.domain.taking_in import MACHINE
    from yiwang.kernel.machine import mermaid

    rows = [
        f"| {t.label} | {'、'.join(MACHINE.states[s] for s in MACHINE.states if s in t.sources)} | "
        f"{MACHINE.states[t.target] if t.target else '不变'} | `{t.permission}` |"
        for t in MACHINE.transitions
    ]
    head = "| 动作 | 从 | 到 | 谁 |\n|---|---|---|---|\n"
    return f"# 代收材料状态\n\n```mermaid\n{mermaid(MACHINE)}```\n\n{head}" + "\n".join(rows) + "\n"


def rooms() -> str:
    """Which app uses which, counted from the imports."""
    uses: dict[tuple[str, str], int] = defaultdict(int)
    for path in sorted(APPS.rglob("*.py")):
        own = path.relative_to(APPS).parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            if module and module.startswith("yiwang.apps."):
                other = module.split(".")[2]
                if other != own:
                    uses[(own, other)] += 1
    lines = [f"    {a} -->|{n}| {b}" for (a, b), n in sorted(uses.items())]
    return "# 各应用之间\n\n```mermaid\ngraph TD\n" + "\n".join(lines) + "\n```\n"


def limits() -> str:
    """The limits of the demonstration items with their sources and marks."""
    import yaml

    rows = []
    for path in sorted((ROOT / "src/yiwang/site/demonstration/items").glob("*.yaml")):
        item = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, title in (
            ("receipt", "收件告知"),
            ("statutory", "法定"),
            ("promised", "承诺"),
            ("delivery", "送达"),
        ):
            figure = item["limits"].get(name)
            if figure:
                source = figure.get("article") or figure.get("source") or "—"
                rows.append(
                    f"| {item['name']} | {title} | {figure['limit']} | "
                    f"{figure.get('start', 'ACCEPTED')} | {source} | {figure['mark']} |"
                )
    head = "| 事项 | 时限 | 数 | 起算 | 依据或来源 | 标记 |\n|---|---|---|---|---|---|\n"
    return f"# 演示事项的时限\n\n{head}" + "\n".join(rows) + "\n"


PAGES = {
    "case-states.md": case_states,
    "certificate-states.md": certificate_states,
    "making-states.md": making_states,
    "taking-in-states.md": taking_in_states,
    "rooms.md": rooms,
    "limits.md": limits,
}


def main() -> None:
    """Write every page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (TARGET / name).write_text(page(), encoding="utf-8")
        print(f"docs/generated/{name}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "src"))
    main()
