"""What a browser calls itself, in words a person recognises. Pure."""

from django.utils.translation import gettext as _

# In the order in which they must be asked: Edge and Cốc Cốc also say Chrome, Chrome says Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """``Chrome, Windows`` of the User-Agent header; what is unknown is said to be so."""
    browser = _first(_BROWSERS, user_agent) or _("unknown browser")
    system = _first(_SYSTEMS, user_agent)
    return f"{browser}, {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in known if mark in text), "")
