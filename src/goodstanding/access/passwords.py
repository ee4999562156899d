"""Passwords by NIST SP 800-63B-4: one form of every sign before hashing, and not the person's own name."""

import unicodedata
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PROGRAM = "goodstanding"
LEAST_NAME = 4  # a shorter name may be a part of a password
REST = 8  # characters that a password needs beside a name


def one_form(password: str) -> str:
    """The password in Unicode's NFKC, so that it is the same whatever keyboard wrote it."""
    return unicodedata.normalize("NFKC", password)


class Argon2(Argon2PasswordHasher):
    """Argon2 over the password in one form. One that was hashed as it was written still fits."""

    def encode(self, password: str, salt: str) -> str:
        return str(super().encode(one_form(password), salt))

    def verify(self, password: str, encoded: str) -> bool:
        one = one_form(password)
        return bool(super().verify(one, encoded) or (one != password and super().verify(password, encoded)))


class NotTheirName:
    """Refuses a password that is little more than the person's name or the program's."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError when less than REST characters are left without the names."""
        folded = one_form(password).casefold()
        names = [PROGRAM, *(str(getattr(user, name, "") or "") for name in ("username", "name", "email"))]
        for name in {one_form(each).casefold() for each in names}:
            if len(name) >= LEAST_NAME and name in folded and len(folded.replace(name, "")) < REST:
                raise ValidationError(_("It is little more than a name. Add words that have nothing to do with it."))

    def get_help_text(self) -> str:
        """What Django shows beside a password field."""
        return _("Not the own name.")
