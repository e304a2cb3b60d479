"""Authenticated encryption of text at rest, bound to the row it belongs to.

A sealed text opened in the place of another, or with another key, is refused, not decrypted to nonsense. Keys have
identities so that they can be rotated: the first key of ``SEALING_KEYS`` seals, any of them opens, and ``resealing``
seals anew what an older one sealed.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class Unsealable(ValueError):
    """The text was altered, moved from another row, or sealed with a key that is no longer held."""


class SealedField(models.BinaryField):
    """A sealed text. Its model has a property ``binding``, which says what it is bound to of what never changes of the row.

    By this class ``resealing`` finds each of them. To the database it is bytes like others, so no migration names it.
    """

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


def seal(text: str, *, bound_to: str) -> bytes:
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    return key_id.encode() + b":" + nonce + key.encrypt(nonce, text.encode(), bound_to.encode())


def unseal(sealed: bytes | memoryview, *, bound_to: str) -> str:
    key_id, _, rest = bytes(sealed).partition(b":")
    key = _keys().get(key_id.decode(errors="replace"))
    if key is None:
        raise Unsealable("This text was sealed with a key that is no longer held.")
    try:
        return key.decrypt(rest[:12], rest[12:], bound_to.encode()).decode()
    except InvalidTag as problem:
        raise Unsealable("This text was altered or belongs elsewhere.") from problem


def key_ids() -> list[str]:
    """The names of the keys that are held, the sealing one first: a backup says which it takes to read it."""
    return list(_keys())


@cache
def _keys() -> dict[str, AESGCM]:
    if not settings.SEALING_KEYS:  # a demonstration: one key, derived from the secret made for this machine
        return {"demo": AESGCM(hashlib.sha256(b"sealing" + settings.SECRET_KEY.encode()).digest())}
    pairs = (entry.split(":", 1) for entry in settings.SEALING_KEYS)
    return {key_id: AESGCM(base64.b64decode(key)) for key_id, key in pairs}
