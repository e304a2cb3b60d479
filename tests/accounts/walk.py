"""Every route of the product, asked and sent to by somebody who is signed in with a password and nothing else."""

from django.test import Client
from django.urls import reverse

from earlyhelp.partnership.models import User
from tests.matrix.policy import ALSO_IN_ADDRESSES
from tests.matrix.test_matrix import routes

# One's own account, and the pages of signing in and out themselves.
OWN = ("accounts:", "openid_connect", "sign_", "still_here")
TURNED_AWAY = (302, 403)


def walk(person):
    """How many routes were tried, and which of them let this person in."""
    reached, tried, client = set(), routes(), Client()
    for route in tried:
        address = reverse(route.name, kwargs={name: ALSO_IN_ADDRESSES.get(name, "1") for name in route.parameters})
        _stay_in(client, person)
        answers = (client.get(address), client.post(address))
        if any(answer.status_code not in TURNED_AWAY for answer in answers):
            reached.add(route.name)
    return len(tried), reached


def _stay_in(client, person):
    """A page before may have ended every session."""
    if client.get("/still-here/").status_code != 204:
        client.force_login(User.objects.get(pk=person.pk))
        assert client.get("/still-here/").status_code == 204
