"""P14: whatever a program sends to whatever operation, it is answered with a 2xx or a clear 4xx, and never a 5xx."""

import json
import re

import pytest
import schemathesis
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode

from tests.api.test_hostile import HOSTILE
from tests.api.test_schema import application, takes_anything, try_out  # noqa: F401  (a fixture)
from tests.attacks.tally import Tally
from tests.matrix.test_matrix import people, worlds  # noqa: F401  (fixtures)

ACTORS = ("lead", "access", "referrer")  # who between them have every kind of record, and every move of it
TRIES = 25
KIND_IN = {  # the record of the world with which an address is filled
    "cases": "case",
    "checklists": "suggestion",
    "contacts": "contact",
    "disagreements": "disagreement",
    "handovers": "handover",
    "onward-referrals": "onward",
    "referrals": "message_of",
    "services": "service",
}
DIGITS = "9" * 400
VALUES = {
    "null": "null",
    "true": "true",
    "a list": "[]",
    "a list of null": "[null]",
    "an object": '{"a": {"b": [null]}}',
    "a number": "1",
    "a number of four hundred digits": DIGITS,
    "a power": "1e999",
    "a number below nothing": "-1",
    "a text of digits": f'"{DIGITS}"',
    "NUL": '"a\\u0000b"',
    "half of a surrogate pair": '"\\ud83d"',
    "a day that is none": '"2024-02-31"',
    "a word": '"abc"',
    "nothing": '""',
    "a thousand letters": f'"{"x" * 1_000}"',
    "twenty-one levels": "[" * 21 + "]" * 21,
    "five thousand levels": "[" * 5_000 + "]" * 5_000,
}
pytestmark = [pytest.mark.promise("P14"), pytest.mark.django_db]


@pytest.fixture
def keys(people):  # noqa: F811
    return {actor: f"Token {Token.objects.create(user=people[actor]).key}" for actor in ACTORS}


def known_in(path, worlds):  # noqa: F811
    """What fills the address, so that there is something there."""
    ids = worlds["own"].ids | {"service": {"id": worlds["own"].ids["referable"]["service"]}}
    known = ids[KIND_IN[path.split("/")[2]]] if "{" in path else {}
    return {name: value for name, value in known.items() if f"{{{name}}}" in path and name != "move"}


def test_schemathesis_finds_no_fault(application, people, worlds, keys, proof):  # noqa: F811
    headers = {"Authorization": keys["lead"]}
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application, headers=headers)
    operations, found = [each.ok() for each in schema.get_all_operations()], []
    for actor in ACTORS:
        for operation in operations:
            for mode in GenerationMode:
                if mode == GenerationMode.POSITIVE or takes_anything(operation):
                    known = known_in(operation.path, worlds)
                    try:
                        try_out(operation, mode, {"Authorization": keys[actor]}, known=known, tries=TRIES)
                    except AssertionError as problem:
                        found.append(f"{actor} {operation.label}: {problem}")
    proof.line(
        f"schemathesis: {len(operations)} operations as {len(ACTORS)} actors, {TRIES} tries that fit and as many not",
        f"{len(found)} faults {found[:3]}",
        kept=not found,
    )


# --- each field, whatever it is sent -----------------------------------------------------------------------------------


def writes(schema, worlds):  # noqa: F811
    """(method, address, names of its fields) of each operation that takes something; each move of a record is one."""
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method not in {"post", "put", "patch"}:
                continue
            names = sorted(fields_of(schema, operation.get("requestBody", {})))
            moves = next(
                (each["schema"]["enum"] for each in operation.get("parameters", []) if each["name"] == "move"), [""]
            )
            for move in moves:
                known = known_in(path, worlds) | {"move": move}
                yield method, re.sub(r"{(\w+)}", lambda part, known=known: str(known[part[1]]), path), names


def fields_of(schema, part):
    """Every name that is declared somewhere under this."""
    if isinstance(part, list):
        return set().union(*(fields_of(schema, each) for each in part))
    if not isinstance(part, dict):
        return set()
    if "$ref" in part:
        return fields_of(schema, schema["components"]["schemas"][part["$ref"].rpartition("/")[2]])
    return set(part.get("properties", {})).union(*(fields_of(schema, each) for each in part.values()))


def each_field(names):
    return {
        what: f"{{{', '.join(f'{json.dumps(name)}: {value}' for name in names)}}}".encode()
        for what, value in VALUES.items()
    }


def test_no_field_of_any_operation_fails_at_what_it_is_sent(client, people, worlds, keys, proof):  # noqa: F811
    tally = Tally()
    schema = client.get("/api/schema/?format=json", headers={"Authorization": keys["lead"]}).json()
    operations = list(writes(schema, worlds))
    for actor in ACTORS:
        for method, url, names in operations:
            for what, body in each_field(names).items():
                send(tally, actor, what, client, method, url, body, keys[actor])
        for what, body in HOSTILE.items():
            for method, url, _ in one_of_each(operations):
                send(tally, actor, what, client, method, url, body, keys[actor])
    tally.line(proof, f"{len(operations)} writing operations of the API as {len(ACTORS)} actors")


def one_of_each(operations):
    """A body that is refused before it is read is refused alike by every move of a record."""
    return {(method, tuple(names)): (method, url, names) for method, url, names in operations}.values()


def send(tally, actor, what, client, method, url, body, key):
    headers = {"Authorization": key, "Idempotency-Key": "a\x01" if what == "NUL" else "9" * 300}
    tally.send(actor, what, client, method, url, data=body, content_type="application/json", headers=headers)
