"""Secrets of second factors are sealed in allauth's table, where no field of ours is: told to whatever seals anew."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import BinaryField, F, Func, JSONField, Value
from django.db.models.fields.json import KeyTextTransform

from earlyhelp.core.resealing import Place, also_sealed
from earlyhelp.partnership.second_factor import binding_of

SECRETS = {"secret": "apps that make codes", "seed": "codes on paper"}  # a passkey's key is public


@also_sealed
def second_factors() -> Iterator[Place]:
    for name, kind in SECRETS.items():
        text = Func(KeyTextTransform(name, "data"), Value("base64"), function="decode", output_field=BinaryField())
        yield Place(kind, Authenticator, text, binding_of, _into(name))


def _into(name: str) -> Callable[[bytes], dict[str, Any]]:
    """The one secret and nothing beside it: which codes were given meanwhile stays as it is."""

    def put(sealed: bytes) -> dict[str, Any]:
        text = Func(Value(base64.b64encode(sealed).decode()), template="to_jsonb(%(expressions)s::text)")
        path = Value(f"{{{name}}}")
        return {"data": Func(F("data"), path, text, function="jsonb_set", output_field=JSONField())}

    return put
