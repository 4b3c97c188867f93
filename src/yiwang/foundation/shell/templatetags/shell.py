"""Template tags and filters of the page shell: ``{% load shell %}``."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from yiwang.foundation.leaving import leaving_url
from yiwang.foundation.shell import dates, errors
from yiwang.foundation.shell.strip import Strip

register = template.Library()
register.filter("leaving", leaving_url)

COMPONENTS = "shell/components/"
TONE_ICONS = {
    "info": "info",
    "warning": "warning",
    "danger": "danger",
    "success": "success",
    "paused": "pause",
    "neutral": "dot",
}
CONTROLS = {
    "textarea": "textarea",
    "select": "select",
    "radios": "choices",
    "checkboxes": "choices",
    "date": "date",
    "file": "file",
}
ATTRIBUTES = {
    "password": {"type": "password"},
    "number": {"type": "text", "inputmode": "decimal"},
    "phone": {"type": "tel", "inputmode": "tel", "maxlength": "20"},
    "idcard": {"type": "text", "maxlength": "18", "spellcheck": "false"},
    "native_date": {"type": "date"},
}


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2026年11月21日 周六."""
    return dates.cn_date(value) if value else ""


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """11月21日."""
    return dates.cn_day(value) if value else ""


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2026年11月21日 周六 09:00, Beijing time."""
    return dates.cn_datetime(value) if value else ""


@register.filter
def tone_icon(tone: str) -> str:
    """Return the icon name of a tone, so that the tone is told by shape as well."""
    return TONE_ICONS.get(tone or "neutral", "dot")


@register.filter
def control_template(kind: str) -> str:
    """Return the template that draws the control of a field kind (text if unknown)."""
    return f"{COMPONENTS}control_{CONTROLS.get(kind, 'text')}.html"


@register.filter
def control_attributes(kind: str) -> SafeString:
    """Return type, inputmode and maxlength of a one-line field kind."""
    pairs = ATTRIBUTES.get(kind, {"type": "text"})
    return SafeString(" ".join(format_html('{}="{}"', *pair) for pair in pairs.items()))


@register.filter
def beside(cells: Iterable[Any], columns: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Pair each cell of a row with its column; a plain value becomes ``{"text": value}``.

    Raises ValueError when a row has not as many cells as the table has columns.
    """
    pairs = zip(columns, cells, strict=True)
    return [
        (column, cell if isinstance(cell, Mapping) else {"text": cell}) for column, cell in pairs
    ]


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one shape of the sprite; hidden from screen readers, the word stands beside it."""
    return format_html(
        '<svg class="icon icon-{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        name,
        static("shell/icons.svg"),
        name,
    )


@register.simple_tag
def error_words(status: int | None) -> errors.ErrorWords:
    """Return the words of an HTTP status (500 when none is given)."""
    return errors.words_for(status or 500)


@register.inclusion_tag("shell/components/clock_strip.html")
def clock_strip(strip: Strip, heading: str = "办理时限") -> dict[str, Any]:
    """Draw the whole strip with its legend and the day-by-day table."""
    return {"strip": strip, "heading": heading}


@register.inclusion_tag("shell/components/clock_strip_small.html")
def clock_strip_small(strip: Strip) -> dict[str, Any]:
    """Draw the strip as one line for lists: shape, word, bar and next end."""
    return {"strip": strip}


@register.simple_block_tag
def notice(content: SafeString, tone: str = "info", title: str = "") -> SafeString:
    """{% notice tone="warning" title="…" %}…{% endnotice %}"""
    context = {"content": content, "tone": tone, "title": title}
    return render_to_string(f"{COMPONENTS}notice.html", context)


@register.simple_block_tag
def fieldset(
    content: SafeString, legend: str, hint: str = "", error: str = "", name: str = ""
) -> SafeString:
    """{% fieldset legend="…" %}…{% endfieldset %}"""
    context = {"content": content, "legend": legend, "hint": hint, "error": error, "name": name}
    return render_to_string(f"{COMPONENTS}fieldset.html", context)


@register.simple_block_tag
def details(content: SafeString, summary: str, is_open: bool = False) -> SafeString:
    """{% details summary="…" %}…{% enddetails %}"""
    context = {"content": content, "summary": summary, "is_open": is_open}
    return render_to_string(f"{COMPONENTS}details.html", context)


@register.simple_block_tag
def panel(content: SafeString, title: str = "", level: int = 2) -> SafeString:
    """{% panel title="…" %}…{% endpanel %}: a bordered section with its heading (level 2 or 3)."""
    context = {"content": content, "title": title, "level": level}
    return render_to_string(f"{COMPONENTS}panel.html", context)
