"""How long a password must be, said in both languages: Django has the sentence in English only."""

from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    """A password of at least `min_length` characters."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        return _("At least %(count)d characters; several words are easier to keep than odd signs.") % {
            "count": self.min_length
        }
