"""What the domain refuses, in the words of HTTP: not possible now is 409, not allowed is 403, out of sight is 404."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DomainError
from rest_framework import status
from rest_framework.exceptions import APIException, ErrorDetail, Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from earlyhelp.partnership.guessing import TooManyTries
from earlyhelp.workflow.transitions import NotPossible, Stale


class Conflict(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Wait(Throttled):
    """DRF says in ``Retry-After`` for how long; in words, we do."""

    def __init__(self, problem: TooManyTries) -> None:
        super().__init__(wait=problem.seconds)
        self.detail = ErrorDetail(str(problem), code=self.default_code)


def handle(problem: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(problem, NotPossible | Stale):
        problem = Conflict(str(problem))
    elif isinstance(problem, TooManyTries):
        problem = Wait(problem)
    elif isinstance(problem, DomainError):
        problem = ValidationError(problem.message_dict if hasattr(problem, "error_dict") else problem.messages)
    return exception_handler(problem, context)
