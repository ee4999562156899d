"""What the tests of the pages share: compiled words."""

import pytest

from goodstanding.config.catalogue import compile_all


@pytest.fixture(scope="session", autouse=True)
def _compiled_words() -> None:
    compile_all()
