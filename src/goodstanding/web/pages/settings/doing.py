"""How the forms of the settings do what they ask for."""

from collections.abc import Callable

from goodstanding.kernel.errors import NotAllowed, NotFound, Refused
from goodstanding.web.forms import DeskForm


def done(form: DeskForm, act: Callable[[], object]) -> bool:
    """Whether it was done; else the form says why not."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        form.refuse(refused)
        return False
    return True
