"""Small files to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from goodstanding.inbound.reading import read
from goodstanding.inbound.types import Options, Reading

EUR = Options(currency="EUR")


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[..., Reading]:
    """Write text to a file and read it."""

    def write_and_read(
        text: str | bytes, options: Options | None = EUR, name: str = "register.csv", encoding: str = "utf-8"
    ) -> Reading:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read(path, options=options)

    return write_and_read


@pytest.fixture
def read_book(tmp_path: Path) -> Callable[..., Reading]:
    """Write the tables of a book to a folder and read it."""

    def write_and_read(options: Options | None = None, **tables: str) -> Reading:
        folder = tmp_path / "book"
        folder.mkdir(exist_ok=True)
        for name, text in tables.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return read(folder, options=options or Options())

    return write_and_read
