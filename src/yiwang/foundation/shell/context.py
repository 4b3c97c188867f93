"""What every page shows around its content: the object that templates call ``shell``."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation; ``count`` is drawn as a badge unless None."""

    label: str
    url: str
    current: bool = False
    count: int | str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the applicants' pages; ``label`` in the language itself."""

    code: str
    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page.

    ``edition`` is ``standard``, ``elder`` or ``board``; ``edition_url`` is where the entry
    关怀版/标准版 leads (it keeps the choice and returns). ``demo_clock`` is the text of the
    demonstration clock; any text there, or ``is_demo``, watermarks the page; ``demo_form`` names
    the template of the form that moves it. Entries whose address is empty are left out.
    """

    city: str = ""
    site_name: str = "政务服务"
    home_url: str = "/"
    user_label: str = ""
    role_label: str = ""
    nav: Sequence[NavItem] = ()
    languages: Sequence[Language] = ()
    demo_clock: str = ""
    demo_form: str = ""
    is_demo: bool = False
    edition: str = "standard"
    edition_url: str = ""
    accessibility_url: str = ""
    login_url: str = ""
    logout_url: str = ""
    search_url: str = ""
    hotline: str = "12345"
    organ: str = ""
    record_number: str = ""
    is_staff: bool = False
