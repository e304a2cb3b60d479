"""GOV.UK Notify's own client against a server of ours that gives Notify's documented answers, over the wire."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.mail import EmailMessage

from earlyhelp.notices.backends import Refused
from earlyhelp.notices.enums import Delivery
from earlyhelp.notices.models import FailedAddress, Letter, Message, Notice
from earlyhelp.notices.services import ask, owe_letter, send_letters, send_owed
from tests.factories import MONDAY, UserFactory

pytest.importorskip("notifications_python_client", reason="GOV.UK Notify's client is not installed")

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
SOON = MONDAY + timedelta(minutes=5)


def fault(code, error, message):
    return code, {"status_code": code, "errors": [{"error": error, "message": message}]}


NO_ADDRESS = fault(400, "ValidationError", "email_address Not a valid email address")
TRIAL = fault(
    400,
    "BadRequestError",
    "Can't send to this recipient when service is in trial mode - see https://www.notifications.service.gov.uk/trial-mode",
)
NO_TEMPLATE = fault(400, "BadRequestError", "Template not found")
WRONG_KEY = fault(403, "AuthError", "Invalid token: API key not found")
TOO_MANY = fault(429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
BROKEN = fault(500, "Exception", "Internal server error")
UNKNOWN = 404, {"status_code": 404, "errors": [{"error": "NoResultFound", "message": "No result found"}]}


class Notify:
    """What it was asked, what it says of each address, and what became of what it took."""

    def __init__(self):
        self.url, self.asked, self.faults, self.status = "", [], {}, "sending"
        self.is_down = None

    def post(self, path, given):
        self.asked.append((path, given))
        if answer := self.is_down or self.faults.get(given["email_address"]):
            return answer
        taken_as = f"740e5834-3a29-46b4-9a6f-{len(self.asked):012}"
        content = {"subject": given["personalisation"]["subject"], "body": given["personalisation"]["body"]}
        template = {"id": given["template_id"], "version": 1, "uri": f"{self.url}/v2/template/{TEMPLATE}"}
        return 201, {
            "id": taken_as,
            "reference": given.get("reference"),
            "content": content | {"from_email": "early-help@notifications.service.gov.uk"},
            "uri": f"{self.url}/v2/notifications/{taken_as}",
            "template": template,
            "scheduled_for": None,
        }

    def get(self, path):
        self.asked.append((path, None))
        if self.is_down:
            return self.is_down
        taken_as = path.rpartition("/")[2]
        return UNKNOWN if self.status is None else (200, {"id": taken_as, "type": "email", "status": self.status})


@pytest.fixture
def notify(settings):
    """Notify on this machine, chosen as an authority would choose it."""
    service = Notify()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            self.answer(*service.post(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))

        def do_GET(self):
            self.answer(*service.get(self.path))

        def answer(self, code, said):
            body = json.dumps(said).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    service.url = settings.NOTIFY_URL = f"http://127.0.0.1:{server.server_port}"
    settings.NOTIFY_API_KEY, settings.NOTIFY_TEMPLATE_ID = f"early_help-{SERVICE}-{SECRET}", TEMPLATE
    settings.EMAIL_BACKEND = "earlyhelp.notices.backends.govuk_notify.EmailBackend"
    yield service
    server.shutdown()
    server.server_close()


def test_what_is_owed_goes_through_the_template_under_the_key_of_its_message(asha, owe, notify):
    owe(asha, urgent=True)
    assert send_owed(now=MONDAY) == 1

    [(path, given)] = notify.asked
    message = Message.objects.get()
    assert path == "/v2/notifications/email"
    assert (given["email_address"], given["template_id"]) == (asha.email, TEMPLATE)
    assert given["reference"].startswith(message.key)
    assert given["personalisation"]["subject"] == "A family is offered to you"
    assert (message.status, message.taken_as) == (Delivery.ACCEPTED, "740e5834-3a29-46b4-9a6f-000000000001")


def test_no_name_leaves_for_notify(asha, owe, notify):
    owe(asha, urgent=True)
    owe(asha, key="b")
    send_owed(now=MONDAY + timedelta(days=1))

    assert len(notify.asked) == 2
    assert "Asha" not in json.dumps(notify.asked)


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("created", Delivery.ACCEPTED),
        ("sending", Delivery.ACCEPTED),
        ("pending", Delivery.ACCEPTED),
        ("delivered", Delivery.DELIVERED),
        ("permanent-failure", Delivery.PERMANENT),
        ("temporary-failure", Delivery.TEMPORARY),
        ("technical-failure", Delivery.TEMPORARY),
        (None, Delivery.ACCEPTED),  # it has forgotten
    ],
)
def test_each_of_its_answers_is_understood(asha, owe, notify, status, became):
    owe(asha, urgent=True)
    send_owed(now=MONDAY)
    notify.status = status

    assert ask(now=SOON) == 1
    assert Message.objects.get().status == became
    assert FailedAddress.objects.exists() == (became == Delivery.PERMANENT)


def test_an_address_it_cannot_use_is_written_off_and_keeps_nobody_waiting(asha, owe, notify):
    other = UserFactory()
    owe(asha, other, urgent=True)
    notify.faults = {asha.email: NO_ADDRESS}

    assert send_owed(now=MONDAY) == 1
    assert FailedAddress.objects.get().user == asha
    assert Notice.objects.get(to=other).emailed_at == MONDAY


@pytest.mark.parametrize("answer", [TRIAL, NO_TEMPLATE])
def test_a_fault_of_our_own_account_writes_nobody_off(asha, owe, notify, answer):
    owe(asha, urgent=True)
    notify.faults = {asha.email: answer}

    assert send_owed(now=MONDAY) == 0
    assert Message.objects.get().status == Delivery.TEMPORARY
    assert not FailedAddress.objects.exists()


@pytest.mark.parametrize("answer", [WRONG_KEY, TOO_MANY, BROKEN])
def test_while_it_takes_nothing_it_is_asked_once_a_round_and_nothing_is_lost(asha, owe, notify, answer):
    owe(asha, *UserFactory.create_batch(4), urgent=True)
    notify.is_down = answer
    assert send_owed(now=MONDAY) == 0
    assert len(notify.asked) == 1

    notify.is_down = None
    assert send_owed(now=MONDAY + timedelta(minutes=1)) == 5


def test_where_there_is_no_notify_at_all_nothing_is_lost(asha, owe, notify, settings):
    owe(asha, urgent=True)
    settings.NOTIFY_URL = "http://127.0.0.1:9"
    assert send_owed(now=MONDAY) == 0

    settings.NOTIFY_URL = notify.url
    assert send_owed(now=MONDAY + timedelta(minutes=1)) == 1


def test_while_it_cannot_be_asked_nothing_is_concluded(asha, owe, notify):
    owe(asha, urgent=True)
    send_owed(now=MONDAY)
    notify.is_down = BROKEN

    assert ask(now=SOON) == 0
    assert Message.objects.get().ask_after == SOON


def test_a_refusal_says_no_address(notify):
    notify.faults = {"asha@example.org": NO_ADDRESS}
    with pytest.raises(Refused) as refusal:
        EmailMessage("Subject", "Body", None, ["asha@example.org"]).send()

    assert "asha" not in str(refusal.value)


# --- a letter to a service outside ---------------------------------------------------------------------------------------


@pytest.fixture
def letter(asha, notify):
    owe_letter(
        "service@example.org",
        subject="Somebody has been referred to you",
        body="https://earlyhelp.example/referred/opens-it/",
        key="onward-1-referred",
        now=MONDAY,
        told_if_it_fails=asha,
        reference="ON-2026-000001",
        url="/services/referrals/ON-2026-000001/",
    )
    assert Letter.objects.get().status == Delivery.OWED
    send_letters(now=MONDAY)
    return Letter.objects.get()


def test_a_letter_that_it_took_is_asked_about(letter, notify):
    assert (letter.status, letter.ask_after) == (Delivery.ACCEPTED, SOON)
    assert notify.asked[0][1]["reference"].startswith("onward-1-referred")


@pytest.mark.parametrize(
    ("status", "became", "told"),
    [
        ("sending", Delivery.ACCEPTED, ""),
        ("delivered", Delivery.DELIVERED, ""),
        ("permanent-failure", Delivery.PERMANENT, "An email to a service came back: ring them"),
        ("temporary-failure", Delivery.LOST, "An email to a service did not arrive: ring them"),
        ("technical-failure", Delivery.LOST, "An email to a service did not arrive: ring them"),
        (None, Delivery.ACCEPTED, ""),
    ],
)
def test_what_became_of_it_is_kept_and_a_failure_is_told_at_once(letter, asha, notify, status, became, told):
    notify.status = status

    assert ask(now=SOON) == 1
    letter.refresh_from_db()
    assert letter.status == became
    assert (letter.ask_after is None) == (became != Delivery.ACCEPTED)
    assert [(notice.title, notice.urgent) for notice in Notice.objects.filter(to=asha)] == (
        [(told, True)] if told else []
    )


def test_of_what_is_under_way_it_is_asked_again_less_and_less_often(letter, notify):
    ask(now=SOON)
    letter.refresh_from_db()
    assert letter.ask_after == SOON + timedelta(minutes=10)

    assert ask(now=SOON) == 0
    ask(now=letter.ask_after + timedelta(days=9))
    letter.refresh_from_db()
    assert letter.ask_after is None


def test_letters_are_asked_about_before_messages_and_no_fault_of_one_is_the_others(letter, asha, owe, notify):
    owe(asha, urgent=True)
    send_owed(now=MONDAY)
    notify.asked.clear()
    notify.status = "delivered"

    assert ask(now=SOON) == 2
    assert notify.asked[0][0].endswith(letter.taken_as)
    assert Message.objects.get().status == Letter.objects.get().status == Delivery.DELIVERED


def test_an_address_that_it_cannot_use_is_told_at_once(asha, notify):
    notify.faults = {"nobody@example.org": NO_ADDRESS}
    facts = {"subject": "S", "body": "B", "reference": "ON-1", "url": "/"}
    owe_letter("nobody@example.org", key="k", now=MONDAY, told_if_it_fails=asha, **facts)

    assert send_letters(now=MONDAY) == 0
    assert Letter.objects.get().status == Delivery.PERMANENT
    assert Notice.objects.filter(to=asha, urgent=True).count() == 1
