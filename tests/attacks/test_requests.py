"""What comes with a request and is no field of any form: answered with a clear 4xx, never a 5xx (promise P14)."""

import pytest

from earlyhelp.core.charset import only_utf_8
from earlyhelp.wsgi import application

NO_UTF_8 = ["hex", "rot13", "zlib", "base64", "idna", "undefined", "utf-7", "unicode_escape", "utf-16", "none-such"]


def answered(door, content_type):
    said = []
    environ = {"REQUEST_METHOD": "GET", "QUERY_STRING": "next=/a%2B2D0-", "CONTENT_TYPE": content_type}
    list(door(environ, lambda status, headers: said.append(status)))
    return said[0]


def behind(environ, start_response):
    start_response("200 OK", [])
    return []


@pytest.mark.parametrize("name", NO_UTF_8)
def test_a_character_set_other_than_utf_8_is_refused(name):
    assert answered(application, f"text/plain; charset={name}") == "415 Unsupported Media Type"


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/plain; charset=UTF-8", "a/b; charset=utf8; c=d"])
def test_utf_8_is_read_whether_it_is_said_or_not(content_type):
    assert answered(only_utf_8(behind), content_type) == "200 OK"


@pytest.mark.parametrize("value", ['"abcdefgh\\000ijkl"', '"abcdefgh\x00ijkl"'])
def test_a_session_cookie_with_a_nul_is_refused(client, db, value):
    assert client.get("/", headers={"Cookie": f"sessionid={value}"}).status_code == 400


def test_any_other_cookie_is_let_through(client, db):
    assert client.get("/sign-in/", headers={"Cookie": 'theirs="a\\377b"; other=1'}).status_code == 200
