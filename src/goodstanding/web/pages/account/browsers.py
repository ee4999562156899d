"""A browser's name of itself in plain words. It can say what it likes: this is for recognising one's own, no more."""

from django.utils.translation import gettext

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("MicroMessenger/", "WeChat"), ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS X", "macOS"), ("HarmonyOS", "HarmonyOS"), ("Linux", "Linux"))  # fmt: skip


def named(agent: str) -> str:
    """Chrome on Windows; “unknown browser” for what nobody knows."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if not browser:
        return gettext("unknown browser")
    return gettext("{browser} on {system}").format(browser=browser, system=system) if system else browser
