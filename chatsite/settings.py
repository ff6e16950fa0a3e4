"""Every setting of the site, read once from the environment.

Nothing has to be set: the defaults serve this machine alone, with secrets that are generated
into DATA_DIR on the first start. A wrong value ends the start with one line.
"""

import base64
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from chatsite import address, databases, keyfile
from chatsite.env import Environment, EnvironmentValueError, key_ring
from providers.netguard import guard_allowing

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# Where it is reached
HOST = env.text("HOST", "127.0.0.1")
PORT = env.port("PORT", 8000)
DEBUG = env.flag("DEBUG", default=False)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") or address.own_names(HOST, CSRF_TRUSTED_ORIGINS)
# The site knows from its own configuration that the proxy in front of it speaks TLS: a header
# that says so could come from anyone.
HTTPS = bool(CSRF_TRUSTED_ORIGINS) and all(o.startswith("https:") for o in CSRF_TRUSTED_ORIGINS)
if DEBUG and not all(map(address.is_loopback, [HOST, *ALLOWED_HOSTS])):
    raise EnvironmentValueError("DEBUG", "must be 0 where other machines can reach the site")

# What it keeps
DATA_DIR = env.directory("DATA_DIR", BASE_DIR / "var")
DATABASES: dict[str, dict[str, Any]] = {
    "default": databases.database(env.text("DATABASE_URL"), DATA_DIR)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.redis_address("REDIS_URL")

# Secrets
SECRET_KEY = env.secret("SECRET_KEY") or keyfile.read_or_create(
    DATA_DIR / "secret_key", lambda: secrets.token_urlsafe(64)
)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    raise EnvironmentValueError(
        "SECRET_KEY", "must be 50 random characters or more; leave it empty to have one made"
    )
ENCRYPTION_KEYS = key_ring(
    "ENCRYPTION_KEYS",
    env.secret("ENCRYPTION_KEYS")
    or keyfile.read_or_create(
        DATA_DIR / "encryption_keys",
        lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    ),
)

METRICS_TOKEN = env.secret("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise EnvironmentValueError(
        "METRICS_TOKEN", "must be 16 characters or more; openssl rand -hex 32 makes some"
    )

# Where answers come from
OPENAI_BASE_URL = env.web_address("OPENAI_BASE_URL")
OPENAI_API_KEY = env.secret("OPENAI_API_KEY")
OPENAI_MODEL = env.text("OPENAI_MODEL")
LOCAL_MODEL = env.flag("LOCAL_MODEL", default=True)
ALLOWED_PRIVATE_UPSTREAMS = env.words("ALLOWED_PRIVATE_UPSTREAMS")
try:
    guard_allowing(ALLOWED_PRIVATE_UPSTREAMS)
except ValueError as error:
    raise EnvironmentValueError(
        "ALLOWED_PRIVATE_UPSTREAMS",
        "must hold host names, addresses or networks, such as ollama.lan, 192.168.1.5, 10.0.0.0/8",
    ) from error

# What it takes from people
MESSAGE_LIMIT_BYTES = 256 * 1024
BODY_LIMIT_BYTES = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Of a file of conversations, in bytes; 0 takes none. It waits on the disk until it is read.
IMPORT_LIMIT_BYTES = env.number("IMPORT_LIMIT_MB", 200, 100_000) * 1024 * 1024
IMPORT_DIR = DATA_DIR / "imports"
IMPORT_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = IMPORT_DIR

# Whether chats can be shared by a link
SHARING = env.flag("SHARING", default=True)

# What one user may have; 0 means any number
LIMIT_RUNS = env.number("LIMIT_RUNS", 5)
LIMIT_MESSAGES_PER_MINUTE = env.number("LIMIT_MESSAGES_PER_MINUTE", 30)
LIMIT_SOCKETS = env.number("LIMIT_SOCKETS", 50)
LIMIT_MB_PER_DAY = env.number("LIMIT_MB_PER_DAY", 50)

# How it ends: answers that are being written when it is told to stop get so long to finish.
DRAIN_SECONDS = env.number("DRAIN_SECONDS", 30, 3600)

INSTALLED_APPS = [
    "chatsite",
    "providers",
    "conversations",
    "chatsite.desk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "chatsite.middleware.request_id",
    "chatsite.middleware.access_log",
    "chatsite.middleware.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "chatsite.static.StaticFiles",
    "chatsite.middleware.no_store",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "chatsite.urls"
ASGI_APPLICATION = "chatsite.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "chatsite.announcements.announcements",
                "chatsite.preferences.appearance.shown",
                "chatsite.preferences.shortcuts.shown",
                "chatsite.suggestions.suggestions",
            ],
            "libraries": {"i18n": "chatsite.words"},
        },
    }
]

# Who may come in
AUTH_USER_MODEL = "chatsite.User"
LOGIN_URL = "login"
CSRF_FAILURE_VIEW = "chatsite.errors.csrf_failure"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SIGNUP = env.choice("SIGNUP", ("closed", "request"))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SUPERUSER_USERNAME = env.text("DJANGO_SUPERUSER_USERNAME")
SUPERUSER_PASSWORD = env.secret("DJANGO_SUPERUSER_PASSWORD")
SUPERUSER_EMAIL = env.text("DJANGO_SUPERUSER_EMAIL")
if bool(SUPERUSER_USERNAME) != bool(SUPERUSER_PASSWORD):
    raise EnvironmentValueError(
        "DJANGO_SUPERUSER_USERNAME", "and DJANGO_SUPERUSER_PASSWORD must be set together"
    )

# What the browser is told. The names of the policy are those of Django 6.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    # Of all pages only the one that draws diagrams may be framed.
    "frame-src": ["'self'"],
    "manifest-src": ["'self'"],
    "object-src": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
# Other sites under the same domain are not this site's to bind, and preloading is for ever.
# And the library i18n stands in the place of Django's on purpose.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "templates.W003"]
X_FRAME_OPTIONS = "DENY"
# A cookie named __Host- cannot be planted by another site under the same domain.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
ANNOUNCEMENTS_COOKIE_NAME = f"{COOKIE_PREFIX}announcements"
LANGUAGE_COOKIE_AGE = 31536000

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "chatsite.static.ModuleManifestStorage"
        )
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")

LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "chatsite.logs.OneLineFormatter"},
        "json": {"()": "chatsite.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # A line for each request is for machines to read.
        "chatsite.access": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # Their notices at this level are one or more for every request.
        "httpx": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "asyncio": {"level": "WARNING"},
    },
}
