from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from earlyhelp.core.sign_in import SignInForm
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
