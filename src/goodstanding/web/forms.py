"""What the forms of the desk share: the look of fields, amounts as people write them, refusals where they belong."""

from collections.abc import Mapping
from typing import Any

from django import forms

from goodstanding.kernel.errors import Refused
from goodstanding.kernel.money import NumberStyle, parse_amount
from goodstanding.web.answers import say

LONGEST_AMOUNT = 40


def read_money(text: str, currency: str) -> int:
    """Minor units of an amount that somebody typed: 1234.50 or 1,234.50. Refused as `kernel.money.read_amount`."""
    given = text.strip()
    try:
        return parse_amount(given, currency)
    except Refused:
        if "," not in given:
            raise
        return parse_amount(given, currency, NumberStyle.POINT)


class DeskForm(forms.Form):
    """A form whose fields look like the desk's and whose refusals stand at their field."""

    places: Mapping[str, str] = {}  # code of a refusal → the field it belongs to

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput | forms.HiddenInput):
                field.widget.attrs.setdefault("class", "input")

    def refuse(self, refused: Refused) -> None:
        """Show why an action refused: at the field it names, else above the form."""
        named = str(refused.params.get("field", ""))
        place = self.places.get(refused.code, named)
        self.add_error(place if place in self.fields else None, say(refused))

    def money(self, name: str, currency: str) -> int | None:
        """The amount of a field in minor units; None, with the fault shown, when it is none."""
        text = self.cleaned_data.get(name) or ""
        if not text:
            return None
        try:
            return read_money(text, currency)
        except Refused as refused:
            self.add_error(name, say(refused))
            return None


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A field for a day, as the browser's own."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def amount_field(label: Any, **more: Any) -> forms.CharField:
    """A field for an amount: text, so that no browser rounds it."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=LONGEST_AMOUNT, widget=widget, **more)


def line_field(label: Any, longest: int, **more: Any) -> forms.CharField:
    """A field for one line of text."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, widget=widget, **more)
