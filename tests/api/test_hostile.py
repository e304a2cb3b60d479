"""Whatever is sent, the answer is a clear 4xx (promise P14)."""

import pytest

from earlyhelp.api.parsers import DEEPEST, MOST_BYTES
from earlyhelp.audit.models import Event
from earlyhelp.cases.enums import Status

HOSTILE = {
    "NUL in a text": b'{"reason": "a\\u0000b", "safeguarding_check": "x"}',
    "NUL in a name": b'{"a\\u0000b": 1}',
    "half of a surrogate pair": b'{"reason": "\\ud83d", "safeguarding_check": "x"}',
    "half of a pair, deep down": b'{"reason": [{"a": ["\\udc00"]}]}',
    "five thousand lists deep": b"[" * 5000 + b"]" * 5000,
    "five thousand objects deep": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "just too deep": b"[" * (DEEPEST + 2) + b"]" * (DEEPEST + 2),
    "null alone": b"null",
    "a list alone": b"[1, 2]",
    "a number alone": b"7",
    "a text alone": b'"reason"',
    "null for a text": b'{"reason": null, "safeguarding_check": null}',
    "a list for a text": b'{"reason": ["x"], "safeguarding_check": "x"}',
    "an object for a text": b'{"reason": {"a": 1}, "safeguarding_check": "x"}',
    "true for a text": b'{"reason": true, "safeguarding_check": "x"}',
    "a number of ten thousand digits": b'{"reason": ' + b"9" * 10_000 + b"}",
    "infinity": b'{"reason": Infinity}',
    "not a number": b'{"reason": NaN}',
    "more than is taken": b'{"reason": "' + b"x" * MOST_BYTES + b'"}',
    "cut short": b'{"reason": "x',
    "nothing": b"",
    "not UTF-8": b'{"reason": "\xff\xfe"}',
    "too long a text": b'{"reason": "' + b"x" * 20_001 + b'", "safeguarding_check": "x"}',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_move_refuses(calls, worker, led_case, what):
    sent = calls(worker).post(
        f"/api/cases/{led_case.reference}/family_withdrew/", HOSTILE[what], content_type="application/json"
    )

    assert sent.status_code == 400
    assert sent.json()
    led_case.refresh_from_db()
    assert led_case.status == Status.SUPPORTED
    assert not Event.objects.exists()


@pytest.mark.parametrize("what", HOSTILE)
def test_the_token_address_refuses(client, db, what):
    sent = client.post("/api/token/", HOSTILE[what], content_type="application/json")

    assert sent.status_code == 400


NO_DAYS = ["2026-02-31", "31/02/2026", 20260302, [], {}, True, None, "inf", "9" * 300, "99999-01-01", "0001-01-01"]


@pytest.mark.parametrize("met_on", [*NO_DAYS, "2999-01-01"])
def test_a_day_that_is_none_is_refused_beside_its_field(calls, worker, led_case, met_on):
    led_case.status = Status.ALLOCATED
    led_case.save()
    facts = {"met_on": met_on, "who_was_seen": "Leo."}

    sent = calls(worker).post(f"/api/cases/{led_case.reference}/record_first_contact/", facts, format="json")

    assert sent.status_code == 400
    assert set(sent.json()) == {"met_on"}


def test_what_is_not_json_is_not_taken(calls, worker, led_case):
    sent = calls(worker).post(f"/api/cases/{led_case.reference}/family_withdrew/", {"reason": "x"}, format="multipart")

    assert sent.status_code == 415


@pytest.mark.parametrize(
    "path", ["/api/cases/%00/", "/api/cases/%ED%A0%80/", "/api/cases/?q=%00", "/api/cases/?area=%ED%A0%80"]
)
def test_an_address_that_cannot_be_read_is_refused(calls, worker, path):
    assert calls(worker).get(path).status_code in (400, 404)
