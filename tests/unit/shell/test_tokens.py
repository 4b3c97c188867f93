"""Contrast, sizes and weights of the style sheet."""

import gzip
import re
from pathlib import Path

import pytest

from yiwang.foundation import shell

STATIC = Path(shell.__file__).parent / "static" / "shell"
EDITIONS = ["standard", "elder", "board"]
TEXT_PAIRS = [
    *[("ink", ground) for ground in ("ground", "ground-2", "ground-3", "blue-soft")],
    *[("ink-2", ground) for ground in ("ground", "ground-2", "ground-3")],
    *[("blue", ground) for ground in ("ground", "ground-2", "blue-soft")],
    ("ink", "red-soft"),
    ("ink", "amber-soft"),
    ("ink", "green-soft"),
    ("on-blue", "blue"),
    ("on-blue", "blue-dark"),
    ("red", "ground"),
    ("red", "red-soft"),
    ("ground", "red"),
    ("amber", "ground"),
    ("amber", "amber-soft"),
    ("green", "ground"),
    ("green", "green-soft"),
    ("rest-ink", "rest"),
]


def tokens(edition: str) -> dict[str, str]:
    """Return the tokens of an edition as name to value."""
    screen = (STATIC / "tokens.css").read_text("utf-8").split("@media print")[0]
    blocks = dict(re.findall(r"([^{}/]+?)\s*\{([^}]*)\}", screen))
    names = {
        selector.strip(): dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))
        for selector, body in blocks.items()
    }
    return names[":root"] | names.get(f'[data-edition="{edition}"]', {})


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_has_contrast(edition: str, ink: str, ground: str) -> None:
    values = tokens(edition)
    assert contrast(values[ink], values[ground]) >= 4.5


@pytest.mark.parametrize("edition", EDITIONS)
def test_borders_of_controls_can_be_seen(edition: str) -> None:
    values = tokens(edition)
    assert contrast(values["line-strong"], values["ground"]) >= 3


def test_elder_edition_has_large_type_large_targets_and_more_contrast() -> None:
    elder, standard = tokens("elder"), tokens("standard")
    for name in ("size-portal", "size-portal-wide", "size-staff"):
        assert 16 * float(elder[name].rstrip("%")) / 100 >= 20
    assert int(elder["target"].rstrip("px")) >= 60
    assert float(elder["line-height"]) >= 1.3
    for name in ("ink", "ink-2", "blue", "red", "amber", "green"):
        assert contrast(elder[name], "#fff") > contrast(standard[name], "#fff")


def test_portal_type_and_targets_are_as_large_as_promised() -> None:
    standard = tokens("standard")
    assert 16 * float(standard["size-portal"].rstrip("%")) / 100 == 17
    assert 16 * float(standard["size-portal-wide"].rstrip("%")) / 100 == 18
    assert standard["measure"] == "38em"
    assert int(standard["target"].rstrip("px")) >= 44


def test_style_sheets_and_script_stay_light() -> None:
    sheets = b"".join(path.read_bytes() for path in sorted(STATIC.glob("*.css")))
    assert len(gzip.compress(sheets, 9)) <= 14 * 1024
    assert len(gzip.compress((STATIC / "yiwang.js").read_bytes(), 9)) <= 5 * 1024


def test_style_sheets_bring_nothing_from_elsewhere() -> None:
    for path in STATIC.glob("*.css"):
        text = path.read_text("utf-8")
        assert not re.search(r"data:|https?:|@import|@font-face", text)
        assert all((STATIC / name).exists() for name in re.findall(r'url\("([^"]+)"\)', text))


def test_colours_stand_in_the_tokens_only() -> None:
    screen = (STATIC / "yiwang.css").read_text("utf-8").split("@media print")[0]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)", screen)


def test_every_icon_that_is_drawn_is_in_the_sprite() -> None:
    drawn: set[str] = set()
    for path in Path(shell.__file__).parent.rglob("*.html"):
        drawn |= set(re.findall(r'\{% icon "(\w+)" %\}', path.read_text("utf-8")))
    sprite = (STATIC / "icons.svg").read_text("utf-8")
    assert drawn
    assert drawn <= set(re.findall(r'<symbol id="(\w+)"', sprite))
