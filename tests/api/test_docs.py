"""The page of the API is for people; a person is asked to sign in as on any page."""

import pytest

DOCS = "/api/docs/"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_person_signed_out_is_led_to_sign_in_and_back(client, db):
    answer = client.get(DOCS, headers=BROWSER)

    assert (answer.status_code, answer.url) == (302, "/sign-in/?next=/api/docs/")


@pytest.mark.parametrize("accept", ["text/plain, */*", "*/*", None])
def test_a_program_is_answered_as_everywhere(client, db, accept):
    assert client.get(DOCS, headers={"Accept": accept} if accept else {}).status_code == 401


def test_whoever_is_signed_in_reads_it(client, worker):
    client.force_login(worker)

    assert client.get(DOCS, headers=BROWSER).status_code == 200


def test_the_schema_itself_stays_shut_to_a_browser_signed_out(client, db):
    assert client.get("/api/schema/", headers=BROWSER).status_code == 401
