"""What every call must bring, and how it is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request

from earlyhelp.families.models import Family
from referrals.forms.draft import WhichFamily

NOT_YOURS = OpenApiResponse(description="There is no such record in your sight.")
REFUSALS = {
    400: OpenApiResponse(description="Something is missing or cannot be read: said by field."),
    403: OpenApiResponse(description="Not yours to do."),
    404: NOT_YOURS,
    409: OpenApiResponse(description="Not possible as the record stands now: it says why."),
}
KEY = OpenApiParameter("Idempotency-Key", UUID, OpenApiParameter.HEADER, required=True)


def key_of(request: Request) -> UUID:
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as problem:
        raise serializers.ValidationError({"Idempotency-Key": ["Send a UUID of your own in this header."]}) from problem


def family_of(user: Any, reference: str) -> Family:
    family = WhichFamily({"family": reference}).chosen(user)
    if family is None:
        raise serializers.ValidationError({"family": ["There is no such family. Search for the people first."]})
    return family
