"""An address that nobody may learn is in no place where it could be read (promise P2, domain.md 5 h)."""

import pytest

SECRET = "Write it in no other box, note or message."


@pytest.mark.parametrize("page", ["/families/new/?q=Luke+Sharma", "/families/people/{dana}/move/"])
def test_wherever_an_address_is_asked_the_page_says_what_to_do_with_a_secret_one(page, grants, worker, signed_in):
    text = signed_in(worker).get(page.format(dana=grants.dana.pk)).text

    assert SECRET in text
    assert text.index(SECRET) < text.index('name="line_1"')  # before anybody types
    assert text.index(SECRET) < text.index('name="protected"')


def test_of_a_new_family_with_a_secret_address_no_neighbourhood_is_asked(grants, worker, signed_in):
    assert "choose the district and not the neighbourhood" in signed_in(worker).get("/families/new/?q=Luke").text
