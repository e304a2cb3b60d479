"""What is searched for is somebody's name: it may stand in an address, and in nobody's log (design: no name in logs)."""

import re
from pathlib import Path

from django.conf import settings

SITE = Path(settings.BASE_DIR, "deploy", "nginx", "site.conf.template").read_text()
TELLS_THE_QUERY = ("$request ", '$request"', "$request_uri", "$args", "$query_string", "$http_referer")


def test_the_proxy_writes_its_log_without_the_query():
    (format_name, format_text), *others = re.findall(r"log_format (\w+) '(.+)';", SITE)

    # In each server that answers: beside the image's own, on the level above it, it would be a second log.
    assert re.findall(r"^    access_log \S+ ?(\w*);", SITE, re.MULTILINE) == [format_name] * 2
    assert not others
    assert [each for each in TELLS_THE_QUERY if each in format_text] == []


def test_nor_does_it_write_the_whole_request_with_an_error():
    assert re.findall(r"^    error_log \S+ (\w+);", SITE, re.MULTILINE) == ["crit"] * 2


def test_a_page_that_is_not_there_is_logged_without_the_query(client, chair, caplog):
    client.force_login(chair)

    client.get("/families/nobody/?q=Zqnamed")

    assert "/families/nobody/" in caplog.text
    assert "Zqnamed" not in caplog.text
