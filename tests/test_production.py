"""The shape of production, read where it cannot be run: the files agree with each other and with the settings."""

import re
import runpy

import environ
import pytest
import yaml

from earlyhelp.embedded import PROJECT

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
READ_BY_SETTINGS = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', (PROJECT / "earlyhelp" / "settings.py").read_text()))
READ_ELSEWHERE = {"WEB_CONCURRENCY"}  # by gunicorn
BROUGHT = {"tls_certificate", "tls_key"}  # by whoever runs it


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The secrets, as they are made."""
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    script = runpy.run_path(str(PROJECT / "deploy" / "new_secrets.py"))
    script["main"].__globals__["FOLDER"] = folder
    script["main"]()
    return {file.name: file.read_text() for file in folder.iterdir()}


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_may_write_to_its_image_or_gain_privileges(name):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_nothing_runs_as_root():
    assert "USER 10001" in (PROJECT / "Dockerfile").read_text()
    others = {name: service for name, service in SERVICES.items() if "build" not in service}
    assert {name: service.get("user") for name, service in others.items()} == {
        "postgres": "postgres",
        "valkey": "valkey",
        "proxy": None,  # the image's own account, without any privilege
    }
    assert "unprivileged" in SERVICES["proxy"]["image"]


def test_only_the_proxy_is_open_to_the_world_and_the_data_is_on_a_network_of_its_own():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_what_web_puts_into_the_store_of_documents_the_worker_finds_there():
    places = {name: SERVICES[name]["volumes"] for name in ("web", "worker")}
    assert places == {"web": ["documents:/documents"], "worker": ["documents:/documents"]}
    assert SERVICES["web"]["environment"]["DOCUMENTS_FOLDER"] == "${DOCUMENTS_FOLDER-/documents}"
    assert "-o 10001 /documents" in (PROJECT / "Dockerfile").read_text()


def test_every_variable_is_one_that_is_read():
    given = {name.removesuffix("_FILE") for name in SERVICES["web"]["environment"]}
    assert given - READ_BY_SETTINGS - READ_ELSEWHERE == set()


def test_every_secret_is_made_declared_and_used(made):
    used = {name for service in SERVICES.values() for name in service.get("secrets", [])}
    assert used == set(COMPOSE["secrets"]) == set(made) - {".gitignore"} | BROUGHT
    files = {name: f"/run/secrets/{name.removesuffix('_FILE').lower()}" for name in SERVICES["web"]["environment"]}
    assert {v for k, v in SERVICES["web"]["environment"].items() if k.endswith("_FILE")} == {
        path for name, path in files.items() if name.endswith("_FILE")
    }


def test_the_made_secrets_are_ones_the_settings_accept(made, monkeypatch):
    monkeypatch.setattr(environ.FileAwareEnv.ENVIRON, "files_cache", {})  # it would remember another test's files
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SEALING_KEYS", "EMAIL_URL"):
        monkeypatch.setenv(name, made[name.lower()])
    monkeypatch.setenv("ALLOWED_HOSTS", "early-help.example.gov.uk")
    monkeypatch.setenv("SITE_URL", "https://early-help.example.gov.uk")
    monkeypatch.setenv("SOCIAL_CARE_PHONE", "01632 960 111")
    monkeypatch.setenv("DOCUMENTS_FOLDER", "/documents")

    settings = runpy.run_path(str(PROJECT / "earlyhelp" / "settings.py"))

    assert settings["PRODUCTION"]
    assert settings["DATABASES"]["default"]["PASSWORD"] == made["database_password"]
    assert settings["EMAIL_USE_TLS"]


def test_every_setting_is_explained():
    explained = set(
        re.findall(r"^\| `([A-Z0-9_]+)` \|", (PROJECT / "docs" / "production.md").read_text(), re.MULTILINE)
    )
    assert READ_BY_SETTINGS - explained == set()


def test_the_image_holds_every_package_that_is_ours():
    copied = set(re.findall(r"^COPY (\w+)/ \1/$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE))
    ours = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert ours <= copied
    kept = (PROJECT / ".dockerignore").read_text().split()
    assert {f"!{name}" for name in copied} <= set(kept)
