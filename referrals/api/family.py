"""The family that a call names."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from earlyhelp.families.models import Family
from referrals.forms.draft import WhichFamily


def family_of(user: Any, reference: str) -> Family:
    family = WhichFamily({"family": reference}).chosen(user)
    if family is None:
        raise serializers.ValidationError({"family": ["There is no such family. Search for the people first."]})
    return family
