"""What every page tells the browser, whoever asks for it."""

import pytest

POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")


@pytest.fixture(params=["/sign-in/", "/ask-for-help/", "/nothing-is-here/", "/"])
def response(request, client, db):
    return client.get(request.param)


def test_a_page_runs_no_script_but_ours_and_stands_in_no_frame(response):
    policy = response.headers["Content-Security-Policy"]

    assert [part for part in POLICY if part not in policy] == []
    assert "unsafe" not in policy
    assert response.headers["X-Frame-Options"] == "DENY"


def test_a_page_is_what_it_says_and_tells_no_other_site_where_one_was(response):
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_cookie_is_for_scripts_or_for_other_sites(response):
    for cookie in response.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in {"Lax", "Strict"}, cookie.key
