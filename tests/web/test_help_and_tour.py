"""Help in place: the tour leads through pages that are the reader's, the guide of components is for builders only."""

from typing import Any

import pytest

from desk import ROLES, client_of, person, small_book, text
from goodstanding.web.charts import Chart, Line
from goodstanding.web.tour import STEPS

pytestmark = pytest.mark.django_db


def walk(client: Any) -> list[str]:
    """The addresses of the tour's steps, by its own links."""
    seen, address = [], "/tour/1/"
    while address:
        page = client.get(address, follow=True)
        assert page.status_code == 200
        seen.append(page.redirect_chain[-1][0].partition("?")[0])
        body = page.content.decode()
        after = f"/tour/{len(seen) + 1}/"
        address = after if f'href="{after}"' in body else ""
        assert f"Step {len(seen)} of" in text(page)
    return seen


def test_five_steps_for_who_sees_all() -> None:
    small_book()
    seen = walk(client_of(person("boss", "owner")))
    assert len(seen) == len(STEPS) == 5
    assert seen[0] == "/today/" and seen[1].startswith("/customers/") and seen[4] == "/insight/"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_nobody_is_led_to_a_closed_door(role: str) -> None:
    small_book()
    seen = walk(client_of(person("someone", role)))
    assert len(seen) >= 4 and ("/insight/" in seen) == (role in ("owner", "credit_manager", "auditor"))


def test_the_tour_of_an_empty_book_and_steps_that_are_none() -> None:
    client = client_of(person("boss", "owner"))
    assert walk(client)[1] == "/customers/"
    assert client.get("/tour/6/").status_code == 404 and client.get("/tour/0/").status_code == 404
    assert "Step" not in text(client.get("/today/?tour=9")) and "Step" not in text(client.get("/today/?tour=x"))


def test_the_style_guide_is_for_development(settings: Any) -> None:
    client = client_of(person("boss", "owner"))
    assert client.get("/styleguide/").status_code == 404
    settings.DEBUG = True
    assert "Every component in every state" in text(client.get("/styleguide/"))


def test_every_component_is_in_the_style_guide() -> None:
    from django.conf import settings

    web = settings.PACKAGE / "web"
    guide = (web / "pages/styleguide/page.html").read_text(encoding="utf-8")
    within = [path.read_text(encoding="utf-8") for path in (web / "components").glob("*.html")]
    unseen = {"followers"}  # what moves along with a part of a page
    for component in (web / "components").glob("*.html"):
        name = f"components/{component.name}"
        assert component.stem in unseen or name in guide or any(name in body for body in within), name


def test_a_chart_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match="doesn't fit"):
        Chart("c", "line", "T", "L", "Month", ("a", "b"), (Line("x", "jade", (1,), ("1",)),))
    with pytest.raises(ValueError, match="doesn't fit"):
        Chart("c", "line", "T", "L", "Month", ("a",), (Line("x", "pink", (1,), ("1",)),))
    chart = Chart("c", "line", "T", "L", "Month", ("a",), (Line("x", "jade", (None,), ("",)),))
    assert chart.rows == [("a", [""])] and chart.drawn["lines"][0]["values"] == (None,)
