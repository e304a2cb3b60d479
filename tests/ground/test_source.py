"""What the source itself never does, whoever calls it (docs/asvs.csv)."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

ROOT = Path(__file__).parents[2]
ROOMS = ("earlyhelp", "referrals", "assessments", "hubs", "lac")
FETCHES = {"requests", "httpx", "urllib3", "aiohttp", "urllib.request", "http.client"}
# Each at an address that the settings or the operator name, and never somebody who uses it.
MAY_FETCH = {
    "earlyhelp/notices/backends/govuk_notify.py",
    "earlyhelp/accounts/views/sign_on.py",  # the agency's own sign-on
    "earlyhelp/embedded/management/commands/serve.py",  # whether it answers, on this machine
}


# What gives the day of a moment here, in London: ``now`` is in UTC, where a summer's day begins an hour late.
LOCAL = {"local", "value", "self.papers_close_at"}  # the first two by what stands above them
MADE_LOCAL = ("astimezone", "timezone.localtime", "due_by")


def sources():
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]


def calls(path):
    """Each call in a file: how it is named, and the names and values of what it is given by name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            given = {each.arg: getattr(each.value, "value", None) for each in node.keywords}
            yield ast.unparse(node.func), given


def days_of_moments(path):
    """Of what each day is taken: what stands before ``.date()``; of a call, what is called."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date":
            moment = node.func.value
            if not (node.args or (isinstance(moment, ast.Name) and moment.id == "datetime")):
                yield ast.unparse(moment.func if isinstance(moment, ast.Call) else moment)


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_the_look_at_calls_finds_what_it_looks_for(tmp_path):
    (tmp_path / "bad.py").write_text("import os\nsubprocess.run(text, shell=True)\nos.system(text)\neval(text)\n")

    found = dict(calls(tmp_path / "bad.py"))

    assert found == {"subprocess.run": {"shell": True}, "os.system": {}, "eval": {}}
    assert list(imports(tmp_path / "bad.py")) == ["os"]


def test_no_program_is_started_through_a_shell():
    found = [
        (path, name)
        for path in sources()
        for name, given in calls(path)
        if given.get("shell") or name in ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput")
    ]
    assert found == []


def test_nothing_is_run_as_code_and_nothing_is_unpickled():
    never = {"eval", "exec", "compile", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load"}

    assert [(path, name) for path in sources() for name, _ in calls(path) if name in never] == []


def test_nothing_fetches_an_address_but_what_the_settings_name():
    found = {str(path.relative_to(ROOT)) for path in sources() for name in imports(path) if name in FETCHES}

    assert found <= MAY_FETCH


def test_the_look_at_days_finds_what_it_looks_for(tmp_path):
    (tmp_path / "bad.py").write_text("now.date()\ncase.sent_at.date()\nnow.astimezone(LONDON).date()\n")

    assert list(days_of_moments(tmp_path / "bad.py")) == ["now", "case.sent_at", "now.astimezone"]


def test_the_day_of_a_moment_is_the_one_here_and_not_in_utc():
    """But of the invented county, which makes its days itself, all of them in office hours."""
    found = [
        (str(path.relative_to(ROOT)), moment)
        for path in sources()
        for moment in days_of_moments(path)
        if "demo" not in path.parts and moment not in LOCAL and not moment.endswith(MADE_LOCAL)
    ]

    assert found == []


@pytest.mark.parametrize("password", ["copper-lant", "1qaz2wsx3edc", "qwerty123456"])
def test_a_password_that_is_short_or_common_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_long_password_that_nobody_uses_is_taken_and_kept_by_argon2(settings):
    from earlyhelp import settings as product

    validate_password("copper-lantern-77-meadow")
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS  # tests use a quick one

    kept = make_password("copper-lantern-77-meadow")

    assert identify_hasher(kept).algorithm == "argon2"
    assert "lantern" not in kept


def test_the_proxy_speaks_current_versions_of_tls_alone():
    site = (ROOT / "deploy" / "nginx" / "site.conf.template").read_text()

    assert re.findall(r"^\s*ssl_protocols\s+(.*);", site, re.MULTILINE) == ["TLSv1.2 TLSv1.3"]
