"""What everybody reads on every page, to the letter, before there is a restricted record and after (promise P4)."""

import difflib
import re

from django.db import transaction
from django.test import Client

from earlyhelp.partnership.models import User

ALWAYS_NEW = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Za-z0-9]{64}\b")  # the tokens of a form


def read(user, pages):
    """Each page as this person gets it, less what is new at every look. Nothing of the looking stays: it is in a log too."""
    found = {}
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        if user is not None:
            client.force_login(User.objects.get(pk=user.pk))
        for page in pages:
            with transaction.atomic():
                found[page] = _as_read(client.get(page))
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    return found


def _as_read(answer):
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    said = body.decode(errors="replace") + answer.headers.get("Location", "")
    return f"{answer.status_code}\n{ALWAYS_NEW.sub('', said)}"


def _parts(page):
    """A page as its tags, each with what stands before it."""
    return re.split(r"(?<=>)", page)


def difference(before, after):
    lines = difflib.unified_diff(_parts(before), _parts(after), lineterm="", n=0)
    return " ".join(line.strip() for line in lines if not line.startswith(("---", "+++", "@@")))[:300]


def _less_what_always_changes(before, again, page):
    """A part that was another at the second look already, with nothing hidden yet, says nothing: a key, a picture of a code."""
    first, second, parts = _parts(before), _parts(again), _parts(page)
    if not len(first) == len(second) == len(parts):
        return page
    return "".join(part for part, one, other in zip(parts, first, second, strict=True) if one == other)


def differing(before, after, again=None):
    """Of each person each page; ``again``: as they were read once more before, to learn what is new at every look."""
    found = []
    for who, pages in before.items():
        for page, was in pages.items():
            twice = (again or before)[who][page]
            one, other = (_less_what_always_changes(was, twice, each) for each in (was, after[who][page]))
            if one != other:
                found.append(f"{who} at {page}: {difference(one, other)}")
    return found
