"""Every form and filter, found on the pages themselves, is sent what nobody should send (promises P14 and G).

No answer is a failure, and nothing sent comes back as markup: see ``test_sight`` for what may not come back at all.
"""

import re
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from earlyhelp.cases.models import TeamMember
from tests.matrix.policy import PAGES, SEES
from tests.matrix.test_matrix import address, ask, people, routes, signed_in, worlds  # noqa: F401  (fixtures)

ACTORS = (
    "referrer", "lead", "chair", "access", "coordinator", "manager", "contact", "coordinator_of_people", "service_manager",
)  # fmt: skip
MARKUP = "<script>zq1</script>\"'><img src=x onerror=zq2>{{7*7}}"
HOSTILE = {
    "NUL": "a\x00b",
    "four hundred digits": "9" * 400,
    "one more than the database holds": "9223372036854775808",
    "less than nothing": "-1",
    "markup": MARKUP,
    "thirty thousand letters": "é" * 30_000,
    "a thousand letters": "é" * 1_000,
    "a hundred and fifty letters": "é" * 150,
    "text that runs backwards": "\u202e\ufffe\U0001f4a9",
    "a day that is none": "2024-02-31",
    "digits of another alphabet": "٣",
    "spaces": "   ",
    "no number": "NaN",
    "a list": "[]",
}
KEPT = {"token", "version"}  # sent as they are, so that the rest of the form is read


class Forms(HTMLParser):
    """The forms of a page: where each leads, how it is sent, and its fields with what stands in them."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside = [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.found.append((said.get("action") or "", (said.get("method") or "get").lower(), {}))
            self.inside = True
        elif self.inside and tag in {"input", "textarea", "select"} and said.get("name"):
            self.found[-1][2].setdefault(said["name"], said.get("value") or "")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"


def forms_of(client, actor, worlds):  # noqa: F811
    """(address, method, fields) of every form on the pages that the policy lets this person see."""
    for route in routes():
        kind = PAGES[route.name]
        if route.api or route.name == "sign_out" or (kind in SEES and actor not in SEES[kind]["own"]):
            continue
        url = address(route, worlds["own"])
        page = ask(client, "get", url)
        if page.status_code == 200 and "html" in page.headers["Content-Type"]:
            for action, method, fields in Forms(page.content.decode()).found:
                yield (action or url).partition("?")[0].partition("#")[0], method, fields


def sendings(fields):
    """Everything hostile at once, then one field at a time beside what stood in the others."""
    for name, what in HOSTILE.items():
        yield name, {field: fields[field] if field in KEPT else what for field in fields}
    for field in fields:
        for name in ("NUL", "a thousand letters"):
            yield f"{name} in {field}", fields | {field: HOSTILE[name]}


def test_a_reason_longer_than_a_membership_keeps_is_refused_and_not_lost(client, led_case, worker, practitioner):
    now = timezone.now()
    member = TeamMember.objects.create(case=led_case, user=practitioner, role="member", from_at=now)
    client.force_login(worker)

    answer = client.post(f"/cases/{led_case.reference}/team/{member.pk}/leave/", {"reason": "x" * 121})

    assert answer.status_code == 422
    assert "x" * 121 in answer.content.decode()
    assert led_case.team.current().filter(pk=member.pk).exists()


@pytest.mark.prove
@pytest.mark.promise("P14")
def test_no_form_fails_or_gives_markup_back(signed_in, worlds, proof):  # noqa: F811
    tried, seen, found = 0, set(), []
    for actor in ACTORS:
        client = signed_in[actor]
        for url, method, fields in forms_of(client, actor, worlds):
            form = (re.sub(r"\d+", "#", url), method, *sorted(fields))
            if form in seen or url == "/sign-out/":
                continue
            seen.add(form)
            for what, sent in sendings(fields):
                answer = getattr(client, method)(url, sent)
                tried += 1
                if answer.status_code >= 500:
                    found.append(f"{actor} {method} {url}, {what}: {answer.status_code}")
                if b"<script>zq1" in answer.content or b"<img src=x" in answer.content:
                    found.append(f"{actor} {method} {url}, {what}: gives markup back")
    proof.line(f"{len(seen)} forms, {tried:,} hostile sendings", f"{len(found)} failures {found[:9]}", kept=not found)
