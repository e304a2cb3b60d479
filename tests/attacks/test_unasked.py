"""What no form asks for is not taken: every column there is, sent beside what a form does ask, changes nothing (promises A).

Each form that somebody is shown is sent twice within a transaction that is rolled back: once as it is, once with the name of
every column of every table beside it. What is written to the database is the same both times.
"""

import re
import uuid
from contextlib import contextmanager
from datetime import date, datetime

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone

from earlyhelp.core.forms import Form
from tests.attacks.corpus import Forms
from tests.matrix.test_cautions import place, who_may
from tests.matrix.test_matrix import ask, people, routes, signed_in  # noqa: F401  (fixtures)
from tests.matrix.worlds import build

OURS = ("earlyhelp.", "referrals", "assessments", "hubs", "lac")
APART = (
    "core:",
    "sign_out",
    "sign_in",
    "hubs:hand_on",
)  # no form of a record; a form whose rows are named by the record
WRITES = re.compile(r"\s*(?:/\*.*?\*/\s*)?(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
SEQUENCES = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE schemaname = 'public'"
LONG_AND_RANDOM = re.compile(r"[A-Za-z0-9_\-+/=]{24,}|[0-9a-f]{8}-[0-9a-f-]{27}")


def columns(stranger):
    """The name of every column that a row of ours has, with something that it could hold and does not."""
    own = [model for model in apps.get_models() if model.__module__.startswith(OURS)]
    return {each.name: _other(each, stranger) for model in own for each in model._meta.concrete_fields}


def _other(field, stranger):
    if isinstance(field, models.ForeignKey):
        return str(stranger.pk)
    if field.choices:
        return str(next(reversed(field.flatchoices))[0])
    kinds = {
        models.BooleanField: "on",
        models.IntegerField: "3",
        models.DateField: "2031-01-01",
        models.JSONField: "{}",
    }
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), "A column of its own.")


@contextmanager
def as_if_it_never_was():
    """Rolled back, and the sequences with it, so that a second time gives the same numbers."""
    with connection.cursor() as cursor:
        cursor.execute(SEQUENCES)
        before = cursor.fetchall()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        for name, last in before:
            cursor.execute("SELECT setval(%s, coalesce(%s, 1), %s)", [name, last, last is not None])


def written_by(client, url, fields):
    """Each statement that wrote, with what it wrote, apart from what is random."""
    found = []

    def note(execute, sql, params, many, context):
        if WRITES.match(sql):
            found.append((sql, [_plain(each) for each in params or ()]))
        return execute(sql, params, many, context)

    cookies = client.cookies.output(header="", sep=";")
    with as_if_it_never_was(), connection.execute_wrapper(note):
        client.post(url, fields)
    client.cookies.load(cookies)
    return found


def _plain(value):
    if isinstance(value, bytes | memoryview | uuid.UUID):
        return type(value).__name__
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, int | float | datetime | date | None):
        return value
    return "sealed" if str(value).endswith("::bytea") else LONG_AND_RANDOM.sub("…", str(value))


def forms_of(client, url):
    """Each form of a page that is sent, its address and what it asks."""
    answer = ask(client, "get", url)
    if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
        for action, method, fields in Forms(answer.content.decode()).found:
            if method == "post" and fields and action != reverse("sign_out"):
                yield action or url, fields


def shown(signed_in, route, world):  # noqa: F811
    """The first of those who may see it who is shown a form there, and each form."""
    for actor in who_may(route):
        if found := [*forms_of(signed_in[actor], place(route, world))]:
            return signed_in[actor], found
    return None, []


def pages(begins="", every=1):
    mine = [each for each in routes() if not each.api and not each.name.startswith(APART)]
    return [each for each in mine if each.name.startswith(begins)][::every]


def differing(signed_in, world, extras, among):  # noqa: F811
    """(how many forms wrote something, those that wrote something else because of what they did not ask)."""
    wrote, found = 0, []
    for route in among:
        client, forms = shown(signed_in, route, world)
        for url, fields in forms:
            plain = written_by(client, url, fields)
            wrote += bool(plain)
            if plain != written_by(client, url, extras | fields):
                found.append((route.name, url))
    return wrote, found


@pytest.fixture
def world(people, melton):  # noqa: F811
    return build("own", people, melton)


@pytest.fixture(autouse=True)
def still():
    with time_machine.travel(timezone.now(), tick=False):
        yield


def test_a_column_that_a_form_does_not_ask_for_is_not_taken(signed_in, world, stranger):  # noqa: F811
    wrote, found = differing(signed_in, world, columns(stranger), pages(every=8))

    assert found == []
    assert wrote > 5


@pytest.mark.prove
@pytest.mark.promise("P1")
def test_no_form_takes_what_it_does_not_ask_for(signed_in, world, stranger, proof):  # noqa: F811
    extras = columns(stranger)

    wrote, found = differing(signed_in, world, extras, pages())

    tried = f"{wrote} forms that wrote something, each with {len(extras)} names of columns that it does not ask for"
    proof.line(tried, f"{len(found)} wrote anything else {found or ''}", kept=not found and wrote > 100)


def test_the_look_finds_a_form_that_takes_more(signed_in, world, stranger, monkeypatch):  # noqa: F811
    clean = Form._clean_form

    def greedy(form):
        clean(form)
        form.cleaned_data |= {"reason": form.data["reason"]} if "reason" in form.data else {}

    monkeypatch.setattr(Form, "_clean_form", greedy)
    _, found = differing(signed_in, world, columns(stranger), pages("referrals:"))

    assert found
