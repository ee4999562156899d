"""Where exports are, below GOODSTANDING_HOME: the files, and how far a running one is."""

from pathlib import Path

from django.conf import settings

FOLDER = "exports"


def folder() -> Path:
    """Where the files are."""
    return Path(settings.HOME).joinpath(FOLDER)


def told_in(export: int) -> Path:
    """The file that says how far a running export is (see kernel.progress)."""
    return Path(settings.HOME) / "progress" / f"export-{export}.json"
