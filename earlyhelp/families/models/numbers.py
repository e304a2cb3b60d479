"""Whether a number that somebody typed can be one at all."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs, upn


def valid_nhs_number(value: str) -> None:
    try:
        nhs.validate(value)
    except NumberError as problem:
        raise ValidationError("This is not a valid NHS number: check the ten digits.") from problem


def valid_upn(value: str) -> None:
    try:
        upn.validate(value)
    except NumberError as problem:
        raise ValidationError("This is not a valid unique pupil number: check the letter and the digits.") from problem
