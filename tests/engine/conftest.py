"""What the engine's tests share: the generator of the benchmarks on the path, and one generated book."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from generated_book import generate

from goodstanding.engine.book import Book, enrich


@pytest.fixture(scope="session")
def generated() -> Book:
    """A generated book of about 20,000 items and 600 customers."""
    return enrich(generate(20_000, 600, seed=7))
