"""Whatever a program sends about a family is looked through for a secret address, as what is typed on a page is (promise P2).

The operations are read from the schema, and what may be sent with a move from its own form: a new one is looked through on
the day it is offered, or stands in the list below with a reason. The canary is where the child of the world lives in hiding.
"""

import uuid
from datetime import timedelta
from functools import reduce
from operator import or_

import pytest
from django.db import transaction
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from earlyhelp.audit.models import Event
from earlyhelp.cases.forms import MOVES as OF_CASES
from earlyhelp.directory.forms.onward import MOVES as OF_ONWARDS
from earlyhelp.directory.forms.service import MOVES as OF_SERVICES
from earlyhelp.disagreements.forms import MOVES as OF_DISAGREEMENTS
from earlyhelp.families.models import Family
from earlyhelp.families.secrets import TYPED
from earlyhelp.partnership.enums import Role
from earlyhelp.workflow.api import serializer_of
from referrals.forms.checklist import MOVES as OF_CHECKLISTS
from referrals.forms.checklist import SUGGESTION_FORMS
from referrals.forms.contact import MOVES as OF_CONTACTS
from referrals.forms.handover import MOVES as OF_HANDOVERS
from referrals.forms.triage import MOVES as OF_REFERRALS
from tests.factories import PostFactory, ServiceFactory
from tests.matrix.test_cautions import ACTORS, SAID, own  # noqa: F401  (a fixture)
from tests.matrix.test_matrix import people  # noqa: F401  (fixtures)
from tests.matrix.worlds import NOWHERE

# What stands in each address: a kind of record of the world; and the forms of its moves.
ABOUT = {
    "/api/cases/": ("case", OF_CASES),
    "/api/checklists/": ("suggestion", OF_CHECKLISTS),
    "/api/contacts/": ("contact", OF_CONTACTS),
    "/api/disagreements/": ("disagreement", OF_DISAGREEMENTS),
    "/api/handovers/": ("handover", OF_HANDOVERS),
    "/api/onward-referrals/": ("onward", OF_ONWARDS),
    "/api/referrals/": ("own_referral", OF_REFERRALS),
    "/api/services/": ("service", OF_SERVICES),
}
CONTACTS, ONWARDS, REFERRALS = (
    f"/api/{each}/{{reference}}/{{move}}/" for each in ("contacts", "onward-referrals", "referrals")
)
NOT_LOOKED_THROUGH = {
    (CONTACTS, "convert"): "where the family is known, as it is here, nothing is typed",
    ("/api/services/{id}/{move}/", "withdraw"): "a service is nobody's record",
}
# The door is the same for every move of an address: of these addresses other moves are looked through.
DONE_BY_NOBODY_HERE = {
    ("/api/cases/{reference}/{move}/", "decline"): "by whomever a case is offered to",
    **{
        (ONWARDS, move): "by the service"
        for move in ("complete", "did_not_attend", "drop_out", "give_back", "record_outcome")
    },
    **{(REFERRALS, move): "by a senior of EH Access" for move in ("confirm", "reconsider")},
}


def operations():
    """(method, path, move, fields) of each that writes and has room for words."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    known = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            fields = _fields(body, known) if body else {}
            moves = [each["schema"]["enum"] for each in said.get("parameters", []) if each["name"] == "move"]
            for move in moves[0] if moves else [""]:
                if _has_room(path, move, fields):
                    yield method, path, move, fields


def _fields(shape, known):
    """Of all the shapes in which it may be sent, together: what one of them does not take is not read."""
    if "$ref" in shape:
        return _fields(known[shape["$ref"].rsplit("/", 1)[1]], known)
    if "oneOf" in shape or "allOf" in shape:
        return reduce(or_, (_fields(each, known) for each in [*shape.get("oneOf", ()), *shape.get("allOf", ())]))
    return {name: _plain(field, known) for name, field in shape.get("properties", {}).items()} | (
        {"": shape} if "enum" in shape else {}
    )


def _plain(field, known):
    """A field in its own words, wherever its choices are written down."""
    for each in [field, *field.get("oneOf", ()), *field.get("allOf", ())]:
        if "$ref" in each:
            return field | known[each["$ref"].rsplit("/", 1)[1]]
    return field


def _has_room(path, move, fields):
    if not move:
        return any(_takes_words(each) for each in fields.values())
    form = SUGGESTION_FORMS[move][0] if "suggestions" in path else _moves(path)[move].form
    shape = serializer_of(form)().fields.items()
    return any((getattr(each, "max_length", None) or 0) >= len(SAID) for name, each in shape if name != "token")


def _moves(path):
    return next(moves for begin, (_, moves) in ABOUT.items() if path.startswith(begin))


def _takes_words(field):
    return field.get("type") == "string" and field.get("maxLength", 0) >= len(SAID) and "enum" not in field


def _words(fields, known):
    """Where she is, wherever there is room for it; and for the rest what the world holds."""
    return {name: known[name] if name in known else _value(field) for name, field in fields.items()}


def _value(field):
    match field:
        case {"enum": choices}:
            return next(each for each in choices if each not in ("", None))
        case {"type": "array", "items": items}:
            return [_value(items)]
        case {"type": "object"}:
            return {"x": SAID}
        case {"type": "boolean"}:
            return False
        case {"type": "integer"}:
            return field.get("minimum", 1)
        case {"format": "date"}:
            return str(timezone.localdate())
        case {"format": "date-time"}:
            return (timezone.now() - timedelta(minutes=1)).isoformat()
    return SAID if _takes_words(field) else "Somebody"


def _sent(user, method, url, said):
    """Whether it was found in what was sent."""
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    with transaction.atomic():
        getattr(client, method)(url, said, format="json", headers={"Idempotency-Key": str(uuid.uuid4())})
        found = Event.objects.filter(kind=TYPED).exists()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def known(own, people):  # noqa: F811
    """What must be of the world, by the name of its field; in one operation otherwise than in the rest."""
    family, service = Family.objects.get(**own.ids["family"]), ServiceFactory()
    everywhere = {
        "family": family.reference,
        "record": own.ids["case"]["reference"],
        "person": own.ids["person"]["pk"],
        "area": family.area_id,
        "agencies": [PostFactory(role=Role.AGENCY_CONTACT, area=family.area).user.agency_id],
        "worker": PostFactory(role=Role.EH_ACCESS, area=family.area).user_id,
        "level_of_need": 2,
        "proposed_level": 2,
        "needs": ["money"],
        "agreements": [],
        "given_by": "parent",
        "parent": family.memberships.filter(role="parent").order_by("pk")[0].person_id,
        "caller_phone": "01632 960 001",
        "caller_email": "pat@example.com",
        "token": str(uuid.uuid4()),
        "service": service.pk,
        "services": [service.pk],
        "agreed": True,
    }
    of_one = {
        "/api/checklists/": {"contact": own.ids["contact"]["reference"], "referral": "", "about": "child"},
        "step_up": {"message": "They will ring you.", "family_letter": "They will ring you."},
    }
    return lambda path, move: everywhere | of_one.get(path, {}) | of_one.get(move, {})


def place(path, move, world):
    kind = next((kind for begin, (kind, _) in ABOUT.items() if path.startswith(begin)), "")
    ids = {"reference": "X-0000-000000", "id": NOWHERE} | world.ids.get(kind, {})
    return path.format(**ids | {"move": move})


def test_what_a_program_sends_about_a_family_is_looked_through(own, people, known):  # noqa: F811
    found = {
        (path, move): any(
            _sent(people[actor], method, place(path, move, own), _words(fields, known(path, move))) for actor in ACTORS
        )
        for method, path, move, fields in operations()
    }

    assert {each for each, seen in found.items() if not seen} == set(NOT_LOOKED_THROUGH) | set(DONE_BY_NOBODY_HERE)
    assert {path for path, _ in DONE_BY_NOBODY_HERE} <= {path for (path, _), seen in found.items() if seen}
    assert sum(found.values()) > 40
