"""The house rules, kept by machine (docs/architecture.md)."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import IsAuthenticated

ROOT = Path(__file__).parent.parent
STOREYS = [
    ("core",),
    ("partnership",),
    ("audit", "notices"),
    ("workflow",),
    ("deadlines", "accounts"),
    ("families",),
    ("directory", "documents"),
    ("cases",),
    ("disagreements", "workforce"),
    ("referrals", "assessments", "hubs", "lac"),
    ("insight", "records"),
    ("api", "demo"),
]
STOREY = {label: height for height, labels in enumerate(STOREYS) for label in labels}
PACKAGES = ("earlyhelp", "referrals", "assessments", "hubs", "lac")
OURS = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def is_interface(path):
    """Where a request becomes rows. A panel is handed a case that was opened already, and reads only what belongs to it."""
    return path.name in {"views.py", "api.py"} or path.parent.name in {"views", "api"}


FUNCTION_LINES, FILE_LINES = 50, 500
OPEN_TO_ALL = {"sign_in", "sign_in_code", "healthz", "readyz", "privacy"}  # before anybody has signed in
# A family asks for help, anybody checks how they are, a service answers from its link: no account. An invitation leads to one.
WITHOUT_ACCOUNT = {
    "referrals.views.asking",
    "referrals.views.checking",
    "earlyhelp.directory.views.by_link",
    "earlyhelp.accounts.views.welcome",
    "earlyhelp.accounts.views.sign_on",
}


def named(path):
    return str(path.relative_to(ROOT))


def ours(model):
    return model._meta.app_label in STOREY


def test_foreign_keys_point_down_and_never_sideways_between_teams():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in filter(ours, apps.get_models())
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model and ours(field.related_model)
        if model._meta.app_label != field.related_model._meta.app_label
        if STOREY[field.related_model._meta.app_label] >= STOREY[model._meta.app_label]
    ]

    assert wrong == []


@pytest.mark.parametrize("path", OURS, ids=named)
def test_files_and_functions_stay_short_enough_to_read(path):
    source = path.read_text()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]

    assert source.count("\n") <= FILE_LINES
    assert [node.name for node in functions if node.end_lineno - node.lineno >= FUNCTION_LINES] == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def walk(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from walk(pattern.url_patterns)


def guarded(view):
    api = getattr(view, "cls", None)
    if api is not None:  # DRF opts out of the middleware and asks for itself
        return IsAuthenticated in api.permission_classes
    return getattr(view, "login_required", True)


def test_every_view_asks_who_you_are_but_those_that_must_not():
    patterns = walk(get_resolver().url_patterns)
    asking = [each for each in patterns if each.callback.__module__ not in WITHOUT_ACCOUNT]
    unasked = {each.name for each in asking if not guarded(each.callback)}

    assert unasked <= OPEN_TO_ALL | {"api-token"}


def test_pages_and_api_ask_for_a_user_before_they_ask_for_rows():
    """``open_record`` and ``for_user`` are the two doors; ``with_rights`` and ``select_related`` lead only to them."""
    scoped = {model.__name__ for model in apps.get_models() if hasattr(model._default_manager, "for_user")}
    doors = {"for_user", "with_rights", "select_related", "prefetch_related", "none"}
    careless = [
        f"{named(path)}:{node.lineno} {node.value.value.id}.objects.{node.attr}"
        for path in OURS
        if is_interface(path) and "workflow" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects"
        if getattr(node.value.value, "id", None) in scoped and node.attr not in doors
    ]

    assert careless == []


FORBIDDEN = {
    "an eta or countdown, which would make a task the only copy of a promise": r"\b(eta|countdown)=",
    "a bare .delay(, which would call the broker inside a request": r"\.delay\(",
    "a signal receiver": r"@receiver|\.connect\(",
    "a save() with side effects": r"def save\(self",
    "an error swallowed": r"except( Exception)?:\s*pass",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_code_is_free_of(what):
    found = [
        named(path) for path in OURS if path.parent.name != "embedded" and re.search(FORBIDDEN[what], path.read_text())
    ]

    assert found == []


def test_a_view_never_reads_the_query_string_raw():
    """Every filter is a form: ``request.GET`` is handed to one whole, and never asked for a key."""
    found = [named(path) for path in OURS if re.search(r"request\.GET(\[|\.get)", path.read_text())]

    assert [each for each in found if not each.endswith("core/middleware.py")] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_no_template_has_a_script_or_style_inline(path):
    source = path.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=\"|\sstyle=\"", source)


def test_no_app_is_called_utils_common_or_helpers():
    assert [
        named(path)
        for path in OURS
        if {"utils", "utils.py", "common", "common.py", "helpers", "helpers.py"} & set(path.parts)
    ] == []
