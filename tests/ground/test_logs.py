import logging
import sys

from django.test import Client

SECRET = "kQ3vT0x9mZ-not-a-real-one-4Lw8sYb2"


def test_no_line_of_the_log_holds_the_key_of_a_link(caplog, db):
    from earlyhelp.core.logs import WithoutKeys

    caplog.handler.addFilter(WithoutKeys())
    with caplog.at_level(logging.WARNING):
        Client(enforce_csrf_checks=True).post(f"/referred/{SECRET}/", {"open": "yes"})
        Client().get(f"/referred/{SECRET}/")

    assert "/referred/.../" in caplog.text
    assert SECRET not in caplog.text


def test_every_line_passes_the_filter(settings):
    assert all(handler["filters"] == ["without_keys"] for handler in settings.LOGGING["handlers"].values())


def test_other_lines_are_left_as_they_are():
    from earlyhelp.core.logs import WithoutKeys

    record = logging.LogRecord("x", logging.WARNING, "f", 1, "Not Found: %s", ("/cases/EH-1/",), None)

    assert WithoutKeys().filter(record)
    assert record.getMessage() == "Not Found: /cases/EH-1/"
    assert record.args == ("/cases/EH-1/",)


def test_what_the_database_says_of_a_row_is_not_logged():
    from earlyhelp.core.logs import WithoutKeys

    try:
        try:
            raise ValueError('violates "conflict"\nDETAIL:  Failing row contains (1, He looked\n\nfor her.)\n')
        except ValueError as problem:
            raise RuntimeError("It broke.") from problem
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "Failed", (), sys.exc_info())

    WithoutKeys().filter(record)

    said = logging.Formatter("%(message)s").format(record)
    assert "He looked" not in said
    assert "for her" not in said
    assert "It broke." in said
