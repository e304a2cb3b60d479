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


@pytest.mark.parametrize(
    ("rest", "total", "letter"),
    [
        # 8×2 + 5×3 + 5×4 + 4×5 + 2×9 + 1×13 = 102, of which 23 leaves 10: L.
        ("855400020001", 102, "L"),
        # 2×2 + 7×4 + 1×9 + 6×10 + 4×12 + 9×13 = 266, of which 23 leaves 13: P. A supplier published it as 267.
        ("207000016049", 266, "P"),
        # M855400022002 is handed about as a number (standards.md 9) and is none: 8×2 + 5×3 + 5×4 + 4×5 + 2×9 + 2×10 + 2×13 = 135,
        # of which 23 leaves 20, and that is X. The rule is right: every other vector there agrees with it.
        ("855400022002", 135, "X"),
    ],
)
def test_the_check_letter_is_what_the_sum_of_sign_times_place_leaves_of_23(rest, total, letter):
    assert sum(place * int(sign) for place, sign in enumerate(rest, start=2)) == total
    assert "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] == letter == pupil_check_letter(rest)


def test_the_vector_that_fails_its_own_rule_is_refused():
    with pytest.raises(ValidationError):
        valid_upn("M855400022002")
    valid_upn("X855400022002")


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
