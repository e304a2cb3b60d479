"""Whatever is typed about a family, on whichever page, is looked through for a secret address before it is kept (promise P2).

The pages are read from the URLconf, so that a new form is looked through on the day it is made, or stands in the list below
with a reason. The canary is where the child of the world lives in hiding.
"""

import pytest
from django.db import transaction

from earlyhelp.audit.models import Event
from earlyhelp.families.secrets import TYPED
from lac.models import Introduction
from tests.attacks.corpus import Forms
from tests.factories import secret_home
from tests.matrix.policy import ALSO_IN_ADDRESSES, PAGES, SEES
from tests.matrix.test_matrix import address, ask, people, routes, signed_in  # noqa: F401  (fixtures)
from tests.matrix.worlds import HIDDEN, HIDDEN_POSTCODE, build

SAID = f"She is at 2 {HIDDEN} Lane now."
ACTORS = (
    "lead", "access", "chair", "coordinator", "coordinator_of_people", "referrer", "contact", "manager", "introducer",
    "service_manager", "system_admin",
)  # fmt: skip

ASKING = {  # the pages that are asked in their address about whom they are
    "disagreements:new": "?about={case}",
    "referrals:handover_start": "?about={case}",
    "referrals:contact_new": "?family={family}",
}
MOVES = {  # one that is open as the world stands
    "cases:move": "propose_closure",
    "directory:onward_move": "refuse",
    "disagreements:move": "agree",
    "referrals:handover_move": "call",
    "referrals:move": "withdraw",
    "referrals:contact_move": "advise",
    "lac:move": "pause",
}

# Room for words that nobody looks through, and why.
APART = (
    "accounts:",
    "asking:",
    "checking:",
    "core:",
    "feedback:",  # of a service, by whoever allowed it: nobody's record is opened for it
    "hubs:forum_",  # what names nobody: there a name gives pause, and any address is nobody's
    "notices:",
    "onward:",
    "letters:",
    "records:",
    "referrals:question",
)
NOBODYS = {
    "sign_in", "sign_out", "directory:service_add", "directory:service_edit", "directory:service_move",
    "directory:service_correct", "directory:correction", "sharing:agreement", "sharing:sign", "sharing:amend", "sharing:end",
    "sharing:edit_activity", "hubs:extra_meeting", "hubs:change_hub",
    "hubs:seat", "hubs:terms", "hubs:found_collaborative", "hubs:answer_report", "lac:introduce",
}  # fmt: skip
NOT_LOOKED_THROUGH = {
    "families:move_home": "the address is asked for there, and is sealed",
    "families:reveal": "it is asked of whoever knows it, and refuses the address in its own words",
}


@pytest.fixture
def own(people, melton):  # noqa: F811
    world = build("own", people, melton)
    secret_home(Introduction.objects.get().person, line_1=f"2 {HIDDEN} Lane", postcode=HIDDEN_POSTCODE)
    return world


def posted(page):
    """(address, fields) of each form that is sent and has room for words; in each such place stands where she is."""
    for action, method, fields in Forms(page).found:
        if method == "post" and "Some words." in fields.values():
            yield action, {name: SAID if value == "Some words." else value for name, value in fields.items()}


def place(route, world):
    """Where the page is; of a page of moves, one that is open; of one that is asked about somebody, this family."""
    url = address(route, world).replace(f"/{ALSO_IN_ADDRESSES['name']}/", f"/{MOVES.get(route.name, 'accept')}/")
    return url + ASKING.get(route.name, "").format(
        **{kind: world.ids[kind]["reference"] for kind in ("case", "family")}
    )


def _is_nobodys(name):
    """About no family; or, like the public form, for somebody without an account, whose guesses no caution may answer."""
    return name in NOBODYS or name.startswith(APART)


def who_may(route):
    kind = PAGES[route.name]
    return [actor for actor in ACTORS if kind not in SEES or actor in SEES[kind]["own"]]


def looked_through(signed_in, world):  # noqa: F811
    """Of each route with such a form that somebody is shown: whether what was typed there was found."""
    found = {}
    for route in (each for each in routes() if not each.api and not _is_nobodys(each.name)):
        for actor in who_may(route):
            if not found.get(route.name):
                found.update((route.name, seen) for seen in _sent(signed_in[actor], place(route, world)))
    return found


def _sent(client, url):
    answer = ask(client, "get", url)
    if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
        for action, fields in posted(answer.content.decode()):
            yield _was_found(client, (action or url), fields)


def _was_found(client, url, fields):
    with transaction.atomic():
        client.post(url, fields)
        found = Event.objects.filter(kind=TYPED).exists()
        transaction.set_rollback(True)
    return found


def test_what_is_typed_on_any_page_about_a_family_is_looked_through(signed_in, own):  # noqa: F811
    found = looked_through(signed_in, own)

    assert {name for name, seen in found.items() if not seen} == set(NOT_LOOKED_THROUGH)
    assert len(found) > 57
