"""The sign-in form; apart from ``forms`` because Django's own needs the user model to be loaded."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from earlyhelp.core import forms


class SignInForm(forms.House, AuthenticationForm):
    """Says that the two do not match, and not which of them is wrong."""

    error_messages = {
        "invalid_login": "The username or the password is not right. Check both and try again",
        "inactive": "The username or the password is not right. Check both and try again",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].error_messages["required"] = "Enter your username"
        self.fields["password"].error_messages["required"] = "Enter your password"
        self.fields["username"].widget.attrs |= {"autofocus": False, "spellcheck": "false"}
        for field in self.fields.values():
            field.widget.attrs["class"] = "govuk-input--width-20"

    def get_invalid_login_error(self) -> ValidationError:
        """Beside the username, so that the error summary has somewhere to lead."""
        return ValidationError({"username": self.error_messages["invalid_login"]})
