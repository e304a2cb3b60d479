from __future__ import annotations

import json
from collections.abc import Callable
from functools import reduce
from itertools import groupby
from operator import or_
from typing import Any

from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import HiddenInput, PasswordInput
from django.utils import timezone

from earlyhelp.core import forms
from earlyhelp.core.sign_in import SignInForm
from earlyhelp.partnership import second_factor
from earlyhelp.partnership.guessing import TooManyTries


class SignIn(SignInForm):
    """Says how long to wait, where too many passwords were wrong. ``wait`` is that in seconds."""

    wait = 0

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except TooManyTries as problem:
            self.wait = problem.seconds
            raise ValidationError({"username": str(problem)}) from problem


class Own(forms.Form):
    """What somebody asks for themselves."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class FindPerson(forms.FilterForm):
    """Above a form that asks for somebody who signs in: of a long list only those found are offered."""

    MOST = 50

    q = forms.CharField(label="Find somebody by name, agency or team", max_length=80)

    def narrow(self, people: Any) -> Any:
        """Every word typed is in a name, a title, an agency or a team."""
        for word in (self.cleaned()["q"] or "").split():
            places = ("first_name", "last_name", "job_title", "agency__name", "team__name")
            people = people.filter(reduce(or_, (Q(**{f"{place}__icontains": word}) for place in places)))
        return people

    def offer(self, field: Any, people: Any, *, under: Callable[[Any], Any]) -> None:
        """Anybody of ``people`` may be sent; what is shown is what was found, in their order, ``under`` a heading each."""
        field.queryset = people
        shown = list(self.narrow(people)[: self.MOST + 1])
        grouped = groupby(shown[: self.MOST], key=under)
        named = [(str(each), [(user.pk, field.label_from_instance(user)) for user in users]) for each, users in grouped]
        field.choices = [("", field.empty_label), *named]
        if len(shown) > self.MOST:
            field.help_text = f"The first {self.MOST} are shown: find the others above."


class CredentialField(forms.CharField):
    """What a passkey answered, as the browser's script wrote it."""

    widget = HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=20_000)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        try:
            answer = json.loads(text) if text else None
        except (ValueError, RecursionError):
            answer = None
        if text and not isinstance(answer, dict):
            raise ValidationError("The passkey’s answer could not be read. Try again")
        return answer

    def run_validators(self, value: Any) -> None:
        """It was read already, and is no text any more."""


class SecondFactor(Own):
    """A code or a passkey, of somebody whose password was right. ``wait``: as of the password."""

    code = forms.CharField(
        label="Code",
        hint="The 6 digits in your app now, or one of your recovery codes.",
        width=10,
        max_length=20,
        autocomplete="one-time-code",
        required=False,
        attrs={"inputmode": "numeric", "autocapitalize": "none"},
    )
    credential = CredentialField()
    wait = 0
    quiet_optional = True

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        code, credential = given.get("code"), given.get("credential")
        if not self.errors and not (code or credential):
            raise ValidationError({"code": "Enter the code from your app"})
        if not self.errors and not self._is_right(code, credential):
            raise ValidationError({"code": second_factor.WRONG})
        return given

    def _is_right(self, code: str | None, credential: dict[str, Any] | None) -> bool:
        try:
            if credential:
                return second_factor.takes_passkey(self.user, credential)
            return second_factor.is_right(self.user, code or "", now=timezone.now())
        except TooManyTries as problem:
            self.wait = problem.seconds
            raise ValidationError({"code": str(problem)}) from problem


class PasswordAgain(Own):
    """A form that asks for the password once more: a page left open is not its owner."""

    password = forms.CharField(
        label="Your password",
        hint="So that nobody changes it on a screen you left open.",
        widget=PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.has_usable_password():
            del self.fields["password"]  # they come in by their agency's own sign-on

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        try:
            known = authenticate(None, username=self.user.get_username(), password=password)
        except TooManyTries as problem:
            raise ValidationError(str(problem)) from problem
        if known != self.user:
            raise ValidationError("That is not your password. Check it and try again")
        return password
