"""Every setting, read from the environment once. Production refuses to start on an unsafe value (promise P18).

``EARLYHELP_MODE`` is ``production`` wherever ``DATABASE_URL`` is given, unless it says otherwise; without one, the
product runs as the demonstration on its own database, and answers this machine only.
"""

import base64
import os
import re
import secrets
import uuid
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from earlyhelp import embedded
from earlyhelp.core import wall

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # NAME_FILE names a file that holds the value, as container secrets do

DATABASE_GIVEN = not {"DATABASE_URL", "DATABASE_URL_FILE"}.isdisjoint(os.environ)
MODE = env.str("EARLYHELP_MODE", default="production" if DATABASE_GIVEN else "demo")
if MODE not in {"production", "demo"}:
    raise ImproperlyConfigured("EARLYHELP_MODE is either 'production' or 'demo'.")
PRODUCTION = MODE == "production"
DEBUG = env.bool("DEBUG", default=False)
OF_A_PROVIDER = {"id", "name", "agency", "server_url", "client_id", "secret"}


def _kept_key(path: Path) -> str:
    """A secret made once for a demonstration, so that sessions and drafts outlive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(60))
    return path.read_text()


def _is_identity(text: str) -> bool:
    """Whether this is written as Notify writes its keys' and templates' identities."""
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _is_notify_key(key: str) -> bool:
    """A key is any name, its service's identity and its own secret, joined by hyphens."""
    return len(key) > 74 and key[-37] == key[-74] == "-" and _is_identity(key[-36:]) and _is_identity(key[-73:-37])


def _providers() -> list[dict]:
    """``OIDC_PROVIDERS``, whole or not at all. What is wrong with it is said without it: it holds secrets."""
    try:
        given = env.json("OIDC_PROVIDERS", default=[])
        if all(each.keys() >= OF_A_PROVIDER for each in given):
            return given
    except (ValueError, AttributeError, TypeError):
        pass
    raise ImproperlyConfigured("OIDC_PROVIDERS cannot be read. It is a JSON list of providers: see docs/production.md.")


def _is_key(entry: str) -> bool:
    """Whether an entry of SEALING_KEYS could seal: found out now, and not when the first secret is to be kept."""
    name, _, key = entry.partition(":")
    try:
        return bool(name) and len(base64.b64decode(key, validate=True)) == 32
    except ValueError:
        return False


SECRET_KEY = env.str("SECRET_KEY", default="") or ("" if PRODUCTION else _kept_key(embedded.HOME / "secret-key"))
SEALING_KEYS = env.list("SEALING_KEYS", default=[])  # "id:base64 of 32 bytes", newest first; see core.sealing
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of ours stand before the product: the address that the outermost of them saw is the caller's.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")

ROOT_URLCONF = "earlyhelp.urls"
WSGI_APPLICATION = "earlyhelp.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ, TIME_ZONE, LANGUAGE_CODE = True, "Europe/London", "en-gb"
USE_I18N = False  # one language: looking up which, for each value shown, was a twentieth of a page

# What this authority calls things and whom it rings (domain.md 18.4).
COUNCIL_NAME = env.str("COUNCIL_NAME", default="Example County Council")
SOCIAL_CARE_NAME = env.str("SOCIAL_CARE_NAME", default="Social care front door")
INVENTED_PHONE = "01632 960 999"  # of the range that is never given to anybody
SOCIAL_CARE_PHONE = env.str("SOCIAL_CARE_PHONE", default=INVENTED_PHONE)

# Where "exit this page" leads: a page that anybody might have open, and that nobody remembers.
EXIT_URL = env.str("EXIT_URL", default="https://www.bbc.co.uk/weather")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "guardian",
    "django_celery_beat",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "csp",
    "allauth.account",  # what allauth.mfa stands on; its pages are not routed, and its tables stay empty
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "earlyhelp.embedded",
    "earlyhelp.core",
    "earlyhelp.partnership",
    "earlyhelp.audit",
    "earlyhelp.notices",
    "earlyhelp.workflow",
    "earlyhelp.accounts",
    "earlyhelp.deadlines",
    "earlyhelp.families",
    "earlyhelp.sharing",
    "earlyhelp.documents",
    "earlyhelp.letters",
    "earlyhelp.directory",
    "earlyhelp.cases",
    "earlyhelp.workforce",
    "earlyhelp.disagreements",
    "referrals",
    "assessments",
    "hubs",
    "lac",
    "earlyhelp.insight",
    "earlyhelp.records",
    "earlyhelp.api",
    "earlyhelp.wall",
    "earlyhelp.demo",
    "earlyhelp.backups",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "earlyhelp.core.middleware.RefuseUnreadableText",
    "earlyhelp.core.middleware.ReadOnlyPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "earlyhelp.core.middleware.SaysWhoAsks",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "earlyhelp.workflow.middleware.KeepWhatWasTyped",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # tells allauth.mfa which request it is
    "earlyhelp.partnership.middleware.SecondFactorFirst",
    "earlyhelp.insight.middleware.LedBackFromAButton",
    "pghistory.middleware.HistoryMiddleware",
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

AUTH_USER_MODEL = "partnership.User"
AUTHENTICATION_BACKENDS = ["earlyhelp.partnership.backends.PartnershipBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Every account, in production (promise P8); the demonstration says on its pages that it is off.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
MFA_ADAPTER = "earlyhelp.partnership.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
# An agency's own sign-on: a list of providers in JSON, each with the keys that docs/production.md names.
OIDC_PROVIDERS = _providers()
SOCIALACCOUNT_ADAPTER = "earlyhelp.accounts.sign_on.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: what it begins is bound to this browser's session
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": each["id"],
                "name": each["name"],
                "client_id": each["client_id"],
                "secret": each["secret"],
                "settings": {"server_url": each["server_url"], "fetch_userinfo": False},
            }
            for each in OIDC_PROVIDERS
        ],
    }
}
# Without a sign-in for so many days an account is called dormant, and then suspended.
DORMANT_AFTER_DAYS = env.int("DORMANT_AFTER_DAYS", default=60)
DORMANT_SUSPENDED_AFTER_DAYS = env.int("DORMANT_SUSPENDED_AFTER_DAYS", default=90)
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "sign_in", "home", "sign_in"
# guardian holds named exceptions in tables of our own; its backend is not installed, because Django ORs backends.
ANONYMOUS_USER_NAME = None
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "earlyhelp.core.context.council",
    "earlyhelp.families.views.why.why_asked",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "pages",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "earlyhelp.core.templates.environment", "context_processors": CONTEXT_PROCESSORS},
    },
    # What packages bring along.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]
FORM_RENDERER = "earlyhelp.core.forms.GovukRenderer"


def _given_database() -> dict:
    """``DATABASE_URL``, taken apart. What is wrong with it is said without it: it holds a password."""
    url = env.str("DATABASE_URL").strip()
    try:
        if url.startswith(("postgres://", "postgresql://")):
            return env.db_url_config(url)
    except ValueError:
        pass
    raise ImproperlyConfigured(
        "DATABASE_URL cannot be read. It is postgres://user:password@host:port/name, with every character of the "
        "password that is neither a letter nor a digit written as %xx. No other database will do."
    )


DATABASES = {"default": _given_database() if DATABASE_GIVEN else embedded.database().settings_dict()}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
# A cursor kept in the server would be opened by a statement of its own, in which nobody could say who asks.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DATABASES["default"]["OPTIONS"] = {
    "options": "-c jit=off",
    "connect_timeout": 5,
    "cursor_factory": wall.Announcing,
} | DATABASES["default"].get("OPTIONS", {})

# The broker is never called inside a web request; its absence or silence costs a worker one second, not a person.
REDIS_URL = env.str("REDIS_URL", default="").strip() or embedded.broker().url()
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "ring-deadlines": {"task": "deadlines.ring", "schedule": 60.0, "options": {"expires": 60}},
    "send-notices": {"task": "notices.send", "schedule": 60.0, "options": {"expires": 60}},
    "ask-about-messages": {"task": "notices.ask", "schedule": 60.0, "options": {"expires": 60}},
    "sweep-referrals": {"task": "referrals.sweep", "schedule": 60.0, "options": {"expires": 60}},
    "remind-services": {"task": "directory.remind", "schedule": 60.0, "options": {"expires": 60}},
    "begin-follow-ups": {"task": "cases.begin_follow_ups", "schedule": 3600.0, "options": {"expires": 3600}},
    "find-odd-reads": {"task": "families.find_odd_reads", "schedule": 21600.0, "options": {"expires": 3600}},
    "find-duplicates": {"task": "families.find_duplicates", "schedule": 86400.0, "options": {"expires": 3600}},
    "find-families-twice": {"task": "families.find_families_twice", "schedule": 86400.0, "options": {"expires": 3600}},
    "look-through-documents": {"task": "documents.look_through", "schedule": 15.0, "options": {"expires": 15}},
    "clear-documents": {"task": "documents.clear", "schedule": 60.0, "options": {"expires": 60}},
    "clear-ownerless-files": {"task": "documents.clear_ownerless", "schedule": 86400.0, "options": {"expires": 3600}},
    "gather-agendas": {"task": "hubs.gather", "schedule": 60.0, "options": {"expires": 60}},
    "plan-meetings": {"task": "hubs.plan_ahead", "schedule": 21600.0, "options": {"expires": 3600}},
    "destroy-notes": {"task": "hubs.destroy_notes", "schedule": 21600.0, "options": {"expires": 3600}},
    "follow-up-steps": {"task": "hubs.follow_up_steps", "schedule": 21600.0, "options": {"expires": 3600}},
    "follow-up-blockages": {"task": "hubs.follow_up_blockages", "schedule": 3600.0, "options": {"expires": 3600}},
    "tell-of-unanswered": {"task": "hubs.tell_of_unanswered", "schedule": 900.0, "options": {"expires": 900}},
    "close-accounts": {"task": "accounts.sweep", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget-guesses": {"task": "partnership.forget_guesses", "schedule": 3600.0, "options": {"expires": 3600}},
    "tidy-forms": {"task": "workflow.tidy", "schedule": 21600.0, "options": {"expires": 3600}},
    "tidy-drafts": {"task": "referrals.tidy_drafts", "schedule": 21600.0, "options": {"expires": 3600}},
    "tidy-requests-for-help": {"task": "referrals.tidy_asking", "schedule": 21600.0, "options": {"expires": 3600}},
    "prune-messages": {"task": "notices.prune", "schedule": 21600.0, "options": {"expires": 3600}},
    "seal-audit": {"task": "audit.seal", "schedule": 60.0, "options": {"expires": 60}},
    "verify-audit": {"task": "records.verify_audit", "schedule": 21600.0, "options": {"expires": 3600}},
    "verify-whole-audit": {"task": "records.verify_whole_audit", "schedule": 604800.0, "options": {"expires": 86400}},
    "look-for-addresses": {"task": "records.look_for_addresses", "schedule": 300.0, "options": {"expires": 240}},
    "find-due-records": {"task": "records.find_due", "schedule": 21600.0, "options": {"expires": 3600}},
    "prepare-audit": {"task": "audit.prepare_months", "schedule": 21600.0, "options": {"expires": 3600}},
}
CELERY_TIMEZONE = TIME_ZONE

SESSION_ENGINE = "earlyhelp.core.sessions"  # in the database: a session outlives the broker
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60  # the cookie outlives the session, so that an expired form is kept for its owner
SESSION_ABSOLUTE_SECONDS = 10 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # it ends with the browser: a family's at home must not say for a year that they were here
CSRF_FAILURE_VIEW = "earlyhelp.workflow.views.stale_page"
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=20 * 60)

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if not PRODUCTION else "smtp://localhost:25")
globals().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
# GOV.UK Notify instead, where its key and its template are given: see notices.backends.govuk_notify.
NOTIFY_API_KEY = env.str("NOTIFY_API_KEY", default="").strip()
NOTIFY_TEMPLATE_ID = env.str("NOTIFY_TEMPLATE_ID", default="").strip()
NOTIFY_URL = "https://api.notifications.service.gov.uk"
if NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID:
    EMAIL_BACKEND = "earlyhelp.notices.backends.govuk_notify.EmailBackend"
MESSAGES_KEPT_DAYS = env.int("MESSAGES_KEPT_DAYS", default=90)  # that they went, and whether they arrived
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="early-help@example.org")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Documents: in a folder, or in a store that speaks S3. What stands in it is nobody's to read but through the product.
DOCUMENT_MAX_MEGABYTES = env.int(
    "DOCUMENT_MAX_MEGABYTES", default=10
)  # a larger one needs a proxy that lets it through
FILE_UPLOAD_HANDLERS = [
    "earlyhelp.core.uploads.RefuseFloods",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",  # up to 2.5 MB; what is larger goes to the disk
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
UPLOAD_FLOODS_AT = max(64, 4 * DOCUMENT_MAX_MEGABYTES) * 1024**2
DOCUMENTS_FOLDER = env.str("DOCUMENTS_FOLDER", default="").strip()
DOCUMENTS_S3_BUCKET = env.str("DOCUMENTS_S3_BUCKET", default="").strip()
DOCUMENTS_S3_KEY_ID = env.str("DOCUMENTS_S3_KEY_ID", default="").strip()
DOCUMENTS_S3_SECRET = env.str("DOCUMENTS_S3_SECRET", default="").strip()
DOCUMENTS_S3_ENDPOINT = env.str("DOCUMENTS_S3_ENDPOINT", default="").strip()  # none: Amazon's own
DOCUMENTS_S3_REGION = env.str("DOCUMENTS_S3_REGION", default="eu-west-2").strip()
# Where ClamAV listens: host:port, or the path of its socket. None: documents are looked into, and not scanned.
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="").strip()


def _document_store() -> dict:
    if not DOCUMENTS_S3_BUCKET:
        folder = DOCUMENTS_FOLDER or str(embedded.HOME / "documents")
        modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder, **modes}}
    from botocore.config import Config  # takes a fifth of a second, and is needed here alone

    options = {
        "bucket_name": DOCUMENTS_S3_BUCKET,
        "access_key": DOCUMENTS_S3_KEY_ID,
        "secret_key": DOCUMENTS_S3_SECRET,
        "endpoint_url": DOCUMENTS_S3_ENDPOINT or None,
        "region_name": DOCUMENTS_S3_REGION,
        "default_acl": None,
        "file_overwrite": False,
        "client_config": Config(
            connect_timeout=5, read_timeout=20, retries={"max_attempts": 2}, signature_version="s3v4"
        ),
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


_document_faults = {
    "DOCUMENTS_S3_BUCKET, DOCUMENTS_S3_KEY_ID and DOCUMENTS_S3_SECRET must all be given, or none of them": len(
        {bool(each) for each in (DOCUMENTS_S3_BUCKET, DOCUMENTS_S3_KEY_ID, DOCUMENTS_S3_SECRET)}
    )
    == 2,
    "DOCUMENTS_S3_ENDPOINT must be given with DOCUMENTS_S3_BUCKET, and begin with https://": bool(DOCUMENTS_S3_ENDPOINT)
    and not (DOCUMENTS_S3_BUCKET and DOCUMENTS_S3_ENDPOINT.startswith("https://")),
    "DOCUMENTS_FOLDER or DOCUMENTS_S3_BUCKET must be given, and not both": bool(
        DOCUMENTS_FOLDER and DOCUMENTS_S3_BUCKET
    )
    or (PRODUCTION and not (DOCUMENTS_FOLDER or DOCUMENTS_S3_BUCKET)),
    "CLAMAV_ADDRESS must be host:port, or the path of a socket": bool(CLAMAV_ADDRESS)
    and not re.fullmatch(r"/.+|[^/\s]+:\d{1,5}", CLAMAV_ADDRESS),
}
if _wrong := [fault for fault, found in _document_faults.items() if found]:
    raise ImproperlyConfigured("These settings are not safe: " + "; ".join(_wrong) + ".")
STORAGES["documents"] = _document_store()

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "earlyhelp.api.authentication.KeyAuthentication",  # first: an unknown caller is answered 401
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["earlyhelp.api.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "earlyhelp.api.pagination.Pages",
    "EXCEPTION_HANDLER": "earlyhelp.api.errors.handle",
    "PAGE_SIZE": 25,
}
API_KEY_LASTS = timedelta(days=90)
SPECTACULAR_SETTINGS = {
    "TITLE": "Early Help",
    "DESCRIPTION": "Referrals and cases, under the same rules as the pages.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "HowNoticesCome": "earlyhelp.notices.enums.How",
        "LevelsOfOneOrSeveral": "referrals.forms.triage.MIDDLE",
        "HowPeopleWereAsked": "earlyhelp.directory.enums.AskedHow",
        "WhetherItHelped": "earlyhelp.directory.enums.Helped",
        "LevelsBelowSocialCare": "referrals.forms.triage.BELOW_SOCIAL_CARE",
    },
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_keys": {"()": "earlyhelp.core.logs.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_keys"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes speak to the process, behind the proxy's TLS
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    _faults = {
        "DEBUG must be off": DEBUG,
        "SECRET_KEY must be given, random and at least 50 characters long": len(SECRET_KEY) < 50
        or len(set(SECRET_KEY)) < 10,
        "SEALING_KEYS must be given, each as id:base64 of 32 bytes": not SEALING_KEYS
        or not all(map(_is_key, SEALING_KEYS)),
        "ALLOWED_HOSTS must name the hosts served, and not '*'": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
        "DATABASE_URL must be given": not DATABASE_GIVEN,
        "REDIS_URL must be given": not env.str("REDIS_URL", default=""),
        "SITE_URL must begin with https://": not SITE_URL.startswith("https://"),
        "SOCIAL_CARE_PHONE must be the number that people ring here": SOCIAL_CARE_PHONE == INVENTED_PHONE,
        "SECOND_FACTOR_REQUIRED must be on": not SECOND_FACTOR_REQUIRED,
        "OIDC_PROVIDERS must each have a server_url that begins with https://": not all(
            str(each["server_url"]).startswith("https://") for each in OIDC_PROVIDERS
        ),
        "NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID must both be given, whole, or neither": bool(
            NOTIFY_API_KEY or NOTIFY_TEMPLATE_ID
        )
        and not (_is_notify_key(NOTIFY_API_KEY) and _is_identity(NOTIFY_TEMPLATE_ID)),
    }
    if unsafe := [fault for fault, found in _faults.items() if found]:
        raise ImproperlyConfigured("These settings are not safe: " + "; ".join(unsafe) + ".")
