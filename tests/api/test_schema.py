"""The whole of the schema, tried with what fits it and with what does not: nothing answers with a fault of ours (P14)."""

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from rest_framework.authtoken.models import Token
from schemathesis import GenerationMode

TRIES = 6  # many more in the proof of P14


@pytest.fixture
def credentials(led_case):
    """Of the lead professional, who has the most to do: what they send reaches the forms and the transitions."""
    return {"Authorization": f"Token {Token.objects.create(user=led_case.lead).key}"}


@pytest.fixture
def application():
    """The product as a server runs it, but that a request's end does not end the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_schema_can_be_made_without_a_warning():
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", "/dev/null")


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
def test_no_operation_ends_in_a_fault_of_ours(application, credentials, led_case, mode):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application, headers=credentials)
    operations = [found.ok() for found in schema.get_all_operations()]

    assert {operation.label for operation in operations} >= {"GET /api/cases/", "POST /api/token/"}
    for operation in operations:
        if mode == GenerationMode.NEGATIVE and not takes_anything(operation):
            continue  # nothing is sent that could be wrong
        try_out(operation, mode, credentials, known={})
        if "{reference}" in operation.path:
            try_out(operation, mode, credentials, known={"reference": led_case.reference})


def takes_anything(operation):
    """Besides who asks."""
    named = {parameter.name for parameter in operation.iter_parameters()} - {"Authorization", "sessionid"}
    return bool(named or operation.body)


def try_out(operation, mode, credentials, *, known, tries=TRIES):
    """Send what is made up; undo each sending, so that the next one finds the same records."""

    @settings(
        max_examples=tries,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case):
        case.path_parameters.update(known)
        with transaction.atomic():
            answer = case.call(headers=credentials)
            transaction.set_rollback(True)
        assert answer.status_code < 500, case.as_curl_command()

    attempt()
