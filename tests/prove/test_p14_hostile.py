"""P14: hostile input gives a clear 4xx and never a 5xx, on every page, form, filter and address that the URLconf has."""

import re
from urllib.parse import quote

import pytest
from django.urls import resolve

from earlyhelp.core.forms import FilterForm
from referrals.views import checking
from tests.attacks.corpus import HOSTILE, URL_ENCODED, Forms, sendings
from tests.attacks.tally import Tally
from tests.directory.conftest import befriending, gwen, letters, secret, sent, society  # noqa: F401  (fixtures)
from tests.matrix.policy import PAGES, SEES
from tests.matrix.test_matrix import address, ask, people, routes, signed_in, worlds  # noqa: F401  (fixtures)
from tests.referrals.asking import START, Visitor

ACTORS = (
    "anonymous", "referrer", "lead", "chair", "access", "coordinator", "manager", "contact", "coordinator_of_people",
    "service_manager", "system_admin",
)  # fmt: skip
pytestmark = [pytest.mark.promise("P14"), pytest.mark.django_db]


@pytest.fixture
def tally():
    return Tally()


def pages_of(signed_in, worlds, actors):  # noqa: F811
    """(actor, client, route, address, answer) of each page that the policy lets one of these see."""
    for actor in actors:
        for route in routes():
            kind = PAGES[route.name]
            if route.api or route.name == "sign_out" or (kind in SEES and actor not in SEES[kind]["own"]):
                continue
            url = address(route, worlds["own"])
            yield actor, signed_in[actor], route, url, ask(signed_in[actor], "get", url)


# --- forms -------------------------------------------------------------------------------------------------------------


def attack(tally, who, client, page_url, page, seen):
    """Every form of this page that was not seen before, with everything that nobody should send."""
    for action, method, fields in Forms(page).found:
        url = (action or page_url).partition("?")[0].partition("#")[0]
        form = (re.sub(r"\d+", "#", url), method, *fields)
        if url == "/sign-out/" or form in seen:
            continue
        seen.add(form)
        for what, said in sendings(fields):
            (tally.post if method == "post" else tally.look)(who, what, client, url, said)


def test_no_form_that_somebody_sees_fails_or_gives_markup_back(signed_in, worlds, tally, proof):  # noqa: F811
    seen = set()
    for actor, client, _, url, answer in pages_of(signed_in, worlds, ACTORS):
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            attack(tally, actor, client, url, answer.content.decode(), seen)
    tally.line(proof, f"{len(seen)} forms, filters and search boxes as {len(ACTORS)} actors")


WRITTEN = {"you/": (), "help/": ("you",), "safe/": ("you", "help"), "check/": ("you", "help", "safe"), "come-back/": ()}


def without_an_account(secret):  # noqa: F811
    """(browser, address) of each page with a form that needs none, in the state in which it has one."""
    for at, slugs in WRITTEN.items():
        visitor = Visitor()
        for slug in slugs:
            visitor.post(slug)
        yield visitor.client, START + at
    for at in (f"/{name}/" for name in checking.NAMES.values()):
        client = Visitor().client
        yield client, at
        client.post(at, Forms(client.get(at).content.decode()).found[0][2])
        yield client, f"{at}contact/"
    service = Visitor().client
    yield service, f"/referred/{secret}/"
    service.post(f"/referred/{secret}/")
    for answer in ("accept", "give_back"):
        yield service, f"/referred/{secret}/{answer}/"
    yield Visitor().client, "/sign-in/"


def test_no_form_without_an_account_fails_or_gives_markup_back(county, melton, secret, tally, proof):  # noqa: F811
    seen = set()
    for client, url in without_an_account(secret):
        answer = client.get(url)
        if answer.status_code == 200:
            attack(tally, "nobody", client, url, answer.content.decode(), seen)
    tally.line(proof, f"{len(seen)} forms without an account")


# --- addresses ---------------------------------------------------------------------------------------------------------

RAW = {
    "a NUL": "q=%00&page=%00",
    "half of a surrogate pair": "q=%ED%A0%80&tier=%ED%B0%80",
    "what is not UTF-8": "q=%FF%FE",
    "a tier that is none": "tier=abc",
    "a day that is none": "from=2024-02-31&to=2024-02-31&on=2024-02-31",
    "a list where none may be": "page[]=1&q[a]=2&tab[]=new",
    "more than a thousand": "&".join(f"a{number}=1" for number in range(2_100)),
    "one field a thousand times": "page=1&" * 1_000,
    "only signs": "&&==%%%&=%",
    "ten thousand letters": "q=" + "a" * 10_000,
}
IN_A_PATH = {
    "a NUL": "%00",
    "half of a surrogate pair": "%ED%A0%80",
    "what is not UTF-8": "%FF",
    "a line of a header": "%0d%0aX-Made-Up:%201",
    "the way up": "..%2f..%2f..%2fetc%2fpasswd",
    "four hundred digits": "9" * 400,
    "one more than the database holds": "9223372036854775808",
    "digits of another alphabet": quote("٣"),
    "a thousand letters": quote("é" * 1_000),
    "markup": quote("<script>zq1</script>"),
    "less than nothing": "-1",
}
AS_MANY = 2  # of those who may see a page, as whom its address is tried


def filters():
    """The name of every filter that any page has, whatever else is in its address."""
    kinds, names = [FilterForm], {"page", "page_size", "format", "tab"}
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        names |= {name.rstrip("_") for name in kind.base_fields}
    return sorted(names)


def shown(signed_in, worlds):  # noqa: F811
    """Each page, as so many of those who see it."""
    by_route = {}
    for actor, client, route, url, answer in pages_of(signed_in, worlds, ACTORS):
        if answer.status_code == 200 and len(by_route.setdefault(route, [])) < AS_MANY:
            by_route[route].append((actor, client, url))
    return by_route


def test_no_filter_in_an_address_fails(signed_in, worlds, tally, proof):  # noqa: F811
    names, pages = filters(), shown(signed_in, worlds)
    for actor, client, url in (each for group in pages.values() for each in group):
        for what, value in HOSTILE.items():
            tally.look(actor, what, client, url, dict.fromkeys(names, value[:1_000]))
        for what, query in RAW.items():
            tally.send(actor, what, client, "get", url, QUERY_STRING=query)
    tally.line(proof, f"{len(names)} filters in the addresses of {len(pages)} pages")


def test_no_part_of_an_address_fails(signed_in, worlds, tally, proof):  # noqa: F811
    routed = [route for route in routes() if route.parameters]
    for route in routed:
        kind = PAGES[route.name]
        actor = next((actor for actor in ACTORS if kind not in SEES or actor in SEES[kind]["own"]), "lead")
        right = address(route, worlds["own"])
        for part in (part for part in resolve(right).kwargs.values() if f"/{part}/" in right):
            for what, value in IN_A_PATH.items():
                url = right.replace(f"/{part}/", f"/{value}/", 1)
                for method in ("get", "post"):
                    tally.send(actor, what, signed_in[actor], method, url)
    tally.line(proof, f"each part of the addresses of {len(routed)} pages")


# --- bodies ------------------------------------------------------------------------------------------------------------

DEEP = "[" * 5_000 + "]" * 5_000
BODIES = {
    "JSON where a form belongs": ("application/json", '{"token": null, "reason": "\\ud800"}'),
    "five thousand levels of it": ("application/json", DEEP),
    "parts without a boundary": ("multipart/form-data", "a=1"),
    "parts that end too soon": ("multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="a"'),
    "a file where none belongs": (
        "multipart/form-data; boundary=x",
        '--x\r\nContent-Disposition: form-data; name="reason"; filename="\x00../a"\r\n\r\nMZ\x00\r\n--x--\r\n',
    ),
    "names with a NUL": (URL_ENCODED, "%00=1&token=%00&version=%00&do=%00&windows=%00"),
    "what is not UTF-8": (URL_ENCODED, "token=%FF&version=%ED%A0%80&reason=%FF"),
    "three thousand fields": (URL_ENCODED, "&".join(f"a{number}=1" for number in range(3_000))),
    "one field five hundred times": (URL_ENCODED, "token=1&version=1&" * 500),
    "three megabytes": (URL_ENCODED, "reason=" + "a" * 3_000_000),
    "nothing": (URL_ENCODED, ""),
    "a kind that nobody knows": ("application/x-nothing", "\x00\x01"),
}


def test_no_page_fails_at_a_body_that_is_no_form(signed_in, worlds, tally, proof):  # noqa: F811
    pages = shown(signed_in, worlds)
    for actor, client, url in (each for group in pages.values() for each in group):
        for what, (kind, body) in BODIES.items():
            tally.send(actor, what, client, "post", url, data=body.encode(), content_type=kind)
    tally.line(proof, f"{len(BODIES)} bodies that are no form to {len(pages)} pages")
