"""Settings that run a working site with no environment: SQLite, Whoosh and files under var/.

Every variable that is read here is described in docs/reference/settings.md.
"""

import contextlib
import secrets
import zoneinfo
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from knowledge_hub.settings import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = env.path("HUB_VAR", BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)


def local_secret_key(path: Path) -> str:
    """A secret key made once for this installation and kept in a file only its owner can read."""
    if not path.exists():
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # two processes that start at once agree on one key
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


DEBUG = False
SECRET_KEY = env.text("SECRET_KEY") or local_secret_key(VAR_DIR / "secret_key")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]", "testserver"))
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS")
PORT = env.integer("PORT", 8000)
SITE_NAME = env.text("SITE_NAME", "Knowledge Hub")
BASE_URL = env.text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
"""Where the site is reached, without a slash at the end: used in exports, mails and the CMS."""

INSTALLED_APPS = [
    "knowledge_hub",
    "search",
    "publications",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.locales",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.orcid",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "knowledge_hub.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "knowledge_hub.middleware.LanguageMiddleware",
    "knowledge_hub.middleware.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "knowledge_hub.middleware.SecondFactorMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "knowledge_hub.urls"
WSGI_APPLICATION = "knowledge_hub.wsgi.application"
ASGI_APPLICATION = "knowledge_hub.asgi.application"

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
                "wagtail.contrib.settings.context_processors.settings",
                "knowledge_hub.context_processors.site",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# Database: one file, or DATABASE_URL. ------------------------------------------------------------------------

DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'hub.sqlite3'}"))}
DATABASES["default"]["CONN_MAX_AGE"] = env.integer("DATABASE_CONNECTION_SECONDS", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL with IMMEDIATE transactions: measured, 0 of 240 contended transactions failed instead of 37.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
        "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # It compiles queries that it takes for dear: measured, 370 ms for a list of records that takes 2 without.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background tasks: in the database, so that a transaction that rolls back takes its tasks with it. -------------

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "index", "recognition"],
    },
}
TASK_RESULT_DAYS = env.integer("TASK_RESULT_DAYS", 7)
TASK_STALE_SECONDS = env.integer("TASK_STALE_SECONDS", 1800)

# People -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "publications.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "publications.sign_in.passwords.LengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

# Signing in and up: allauth's pages in our templates, for the site and the CMS alike. ------------------------------

ORCID_CLIENT_ID = env.text("ORCID_CLIENT_ID")
ORCID_CLIENT_SECRET = env.text("ORCID_CLIENT_SECRET")
REGISTRATION = env.choice("REGISTRATION", "off", ("off", "open", "approval"))
EDITORS_NEED_TOTP = env.boolean("EDITORS_NEED_TOTP", False)
ACCOUNT_ADAPTER = "publications.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "publications.sign_in.forms.LoginForm"}
ACCOUNT_SIGNUP_FORM_CLASS = "publications.sign_in.names.NameForm"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# axes counts wrong passwords and locks; this one is for the codes of a second factor.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,10/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_ADAPTER = "publications.sign_in.adapters.SecondFactorAdapter"
SOCIALACCOUNT_ADAPTER = "publications.sign_in.adapters.SocialAccountAdapter"
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": env.openid_providers("OPENID_PROVIDERS")},
    "orcid": {
        "BASE_DOMAIN": env.text("ORCID_DOMAIN", "orcid.org"),
        "APPS": [{"client_id": ORCID_CLIENT_ID, "secret": ORCID_CLIENT_SECRET, "name": "ORCID"}]
        if ORCID_CLIENT_ID
        else [],
    },
}

AXES_FAILURE_LIMIT = env.integer("SIGN_IN_FAILURES", 5)
AXES_COOLOFF_TIME = timedelta(minutes=env.integer("SIGN_IN_LOCK_MINUTES", 15))
# By name and address together: nobody can lock an editor out from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "publications.sign_in.lockout.name_of_account"
AXES_CLIENT_IP_CALLABLE = "allauth.core.internal.httpkit.get_client_ip"
AXES_LOCKOUT_CALLABLE = "publications.sign_in.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Languages --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nl", _("Dutch"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [BASE_DIR / "knowledge_hub" / "locale"]
FORMAT_MODULE_PATH = "knowledge_hub.formats"
TIME_ZONE = env.text("TIME_ZONE", "Europe/Amsterdam")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Files: what is served to everybody (static, images of the CMS) and what is not (deposits, under FILES_DIR). -----

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
FILES_DIR = env.path("FILES_DIR", VAR_DIR / "files")
PAGE_CACHE_DIR = env.path("PAGE_CACHE_DIR", VAR_DIR / "pages")
PAGE_CACHE_MAX_BYTES = env.integer("PAGE_CACHE_MAX_BYTES", 2_000_000_000)
PAGE_RENDERERS = env.integer("PAGE_RENDERERS", 2)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "deposits": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_DIR, "base_url": None},
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DEPOSIT_MAX_SIZE_BYTES = env.integer("DEPOSIT_MAX_SIZE_BYTES", 200_000_000)

# Ingest: the limits of one file (design: a hostile file costs one child process, never the site). ----------------

INGEST_MAX_PAGES = env.integer("INGEST_MAX_PAGES", 2000)
INGEST_CPU_SECONDS = env.integer("INGEST_CPU_SECONDS", 30)
INGEST_WALL_SECONDS = env.integer("INGEST_WALL_SECONDS", 300)
INGEST_MEMORY_BYTES = env.integer("INGEST_MEMORY_BYTES", 1 << 30)
INGEST_MAX_TRIES = env.integer("INGEST_MAX_TRIES", 3)
INGEST_OCR_LANGUAGES = env.text("INGEST_OCR_LANGUAGES", "eng+nld")

# Look-ups: metadata of a DOI from its registration agency; the hub tells nobody anything unless this is on. ----------

LOOKUPS_ENABLED = env.boolean("LOOKUPS_ENABLED", False)
LOOKUP_TIMEOUT_SECONDS = env.integer("LOOKUP_TIMEOUT_SECONDS", 8)
LOOKUP_CROSSREF_URL = env.text("LOOKUP_CROSSREF_URL", "https://api.crossref.org").rstrip("/")
LOOKUP_DATACITE_URL = env.text("LOOKUP_DATACITE_URL", "https://api.datacite.org").rstrip("/")

# Links: those within the hub are always looked at; other sites are asked only where this is on. ----------------------

LINK_CHECKS_ENABLED = env.boolean("LINK_CHECKS_ENABLED", False)
LINK_CHECK_DAYS = env.integer("LINK_CHECK_DAYS", 30)
LINK_TIMEOUT_SECONDS = env.integer("LINK_TIMEOUT_SECONDS", 8)
LINKS_PER_ROUND = env.integer("LINKS_PER_ROUND", 10)

# Search -----------------------------------------------------------------------------------------------------

SEARCH_ENGINE = env.text("SEARCH_ENGINE", "whoosh")
SEARCH_INDEX_DIR = env.path("SEARCH_INDEX_DIR", VAR_DIR / "index")
SEARCH_PAGE_SIZE = env.integer("SEARCH_PAGE_SIZE", 10)
EMPTY_SEARCHES_SHOWN_FROM = env.integer("EMPTY_SEARCHES_SHOWN_FROM", 3)
ALERTS_HOUR = env.integer("ALERTS_HOUR", 6)
ALERT_CONFIRM_HOURS = env.integer("ALERT_CONFIRM_HOURS", 48)

# Wagtail ----------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILIMAGES_IMAGE_MODEL = "publications.HubImage"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "knowledge_hub.cms_search"}}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20_000_000
# A photo of a telephone has 12 to 50 million; decoded, each takes 3 bytes.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 64_000_000
WAGTAILDOCS_MAX_UPLOAD_SIZE = DEPOSIT_MAX_SIZE_BYTES
WAGTAILDOCS_EXTENSIONS = [
    "csv",
    "docx",
    "odp",
    "ods",
    "odt",
    "pdf",
    "pptx",
    "txt",
    "xlsx",
    "zip",
]
WAGTAIL_USAGE_COUNT_ENABLED = True
WAGTAILADMIN_LOGIN_URL = "sign_in_to_cms"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # on the site, where addresses are verified
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("nl", "Nederlands")]
# Debian's "localtime" is no name of a zone to a browser, and stops the script of the account page.
WAGTAIL_USER_TIME_ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
TAGGIT_CASE_INSENSITIVE = True

# Security ---------------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview shows our own pages in a frame
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    # Wagtail's admin still has inline scripts of its own; knowledge_hub/csp.py gives it a policy apart.
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

# Mail, logs -------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "hub@localhost")
# Questions through the hub: limits of a day, and how long what is kept.
CONTACT_DESK_ADDRESS = env.text("CONTACT_DESK_ADDRESS")
CONTACT_PER_SENDER = env.integer("CONTACT_PER_SENDER", 5)
CONTACT_PER_RECEIVER = env.integer("CONTACT_PER_RECEIVER", 10)
CONTACT_PER_NETWORK = env.integer("CONTACT_PER_NETWORK", 30)
CONTACT_CONFIRM_HOURS = env.integer("CONTACT_CONFIRM_HOURS", 48)
CONTACT_REMIND_DAYS = env.integer("CONTACT_REMIND_DAYS", 5)
CONTACT_DESK_DAYS = env.integer("CONTACT_DESK_DAYS", 10)
CONTACT_CLOSE_DAYS = env.integer("CONTACT_CLOSE_DAYS", 30)
CONTACT_KEEP_MONTHS = env.integer("CONTACT_KEEP_MONTHS", 12)
LOOKUP_CONTACT = env.text("LOOKUP_CONTACT", DEFAULT_FROM_EMAIL)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "publications": {"level": env.text("LOG_LEVEL", "INFO")},
        "search": {"level": env.text("LOG_LEVEL", "INFO")},
        "django_tasks": {"level": "WARNING"},
    },
}
