"""Whether a pupil number can be one: its check letter says so, and no list of authorities."""

import pytest
from django.core.exceptions import ValidationError

from earlyhelp.families.models import Person, pupil_check_letter, valid_upn
from tests.families.pages import edited

PUBLISHED = (
    "B801200005001",
    "L855400020001",
    "A855200119003",
    "G371200118004",
    "M884300121005",
    "P207000016049",
    "K85540002001A",  # a temporary one
)
NEW_AUTHORITIES = ("838", "839", "940", "941", "942", "943")


@pytest.mark.parametrize("number", PUBLISHED)
def test_a_number_with_its_check_letter_is_one(number):
    valid_upn(number)


@pytest.mark.parametrize("authority", NEW_AUTHORITIES)
def test_of_an_authority_that_was_made_lately_too(authority):
    rest = f"{authority}200011900"

    for serial in ("3", "A"):
        valid_upn(pupil_check_letter(rest[:11] + serial) + rest[:11] + serial)


@pytest.mark.parametrize(
    "number",
    [
        "A207000016049",  # another letter
        "P207000016094",  # two figures exchanged
        "P20700001604",
        "P2070000160499",
        "I207000016049",
        "K85540002001O",
        "K8554A002001A",
        "p207000016049",
        "P２07000016049",
        "P207000016049\n",
        "0207000016049",
        "",
    ],
)
def test_what_cannot_be_one_is_refused(number):
    with pytest.raises(ValidationError, match="not a valid unique pupil number"):
        valid_upn(number)


def test_on_the_page_a_number_of_a_new_authority_is_taken_and_a_wrong_one_is_not(grants, worker, signed_in):
    client, url = signed_in(worker), f"/families/people/{grants.dana.pk}/edit/"
    number = pupil_check_letter("941200119003") + "941200119003"

    assert client.post(url, edited(grants.dana, upn=f"X{number[1:]}")).status_code == 422
    client.post(url, edited(grants.dana, upn=f" {number[:4].lower()} {number[4:]}"))

    assert Person.objects.get(pk=grants.dana.pk).upn == number
