"""The forms of a customer's notes and files."""

from collections.abc import Sequence
from typing import ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from goodstanding.parties.rules.checks import LONGEST
from goodstanding.parties.rules.records import FILE_KINDS, LARGEST_FILE, LONGEST_NOTE
from goodstanding.web import words
from goodstanding.web.forms import DeskForm, line_field

MOST_FILES = 20


class Note(DeskForm):
    """A note. `key` is the form's own: sent twice it writes one note."""

    places: ClassVar = {"empty": "text", "text": "text", "text_too_long": "text", "key_reused": "text"}
    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    text = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))
    pinned = forms.BooleanField(label=_("Pin it on top"), required=False)


class File(DeskForm):
    """What files are that come with the form."""

    places: ClassVar = {"file_kind": "kind"}
    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, words.FILE_KINDS[code]) for code in FILE_KINDS])
    title = line_field(_("Title"), LONGEST["title"], required=False, help_text=_("Empty: the name of the file."))

    def check_files(self, files: Sequence[UploadedFile]) -> None:
        """Refuse files that can't be kept, each by its name, before any of them is."""
        if not files:
            self.add_error(None, gettext("Choose a file first."))
        if len(files) > MOST_FILES:
            self.add_error(None, gettext("At most {count} files at once.").format(count=MOST_FILES))
        for file in files:
            if not file.size:
                self.add_error(None, gettext("{name} is empty.").format(name=file.name))
            elif file.size > LARGEST_FILE:
                words = gettext("{name} is too large: a file may have {most} at most.")
                self.add_error(None, words.format(name=file.name, most=filesizeformat(LARGEST_FILE)))


class Withdraw(DeskForm):
    """Why a file is withdrawn."""

    reason = line_field(_("Reason"), LONGEST["reason"])
