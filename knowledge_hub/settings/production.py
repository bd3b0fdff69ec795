"""For a site that people use: every secret comes from the environment, everything travels over HTTPS."""

from knowledge_hub.settings import env
from knowledge_hub.settings.base import *  # noqa: F403

SECRET_KEY = env.required("SECRET_KEY", "a long random text that signs sessions and links; keep it private.")
ALLOWED_HOSTS = [
    host.strip()
    for host in env.required("ALLOWED_HOSTS", "the names under which the site is reached, with commas.").split(",")
]
BASE_URL = env.required("BASE_URL", "the address of the site, such as https://hub.example.org.").rstrip("/")
WAGTAILADMIN_BASE_URL = BASE_URL
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", (BASE_URL,))
DEFAULT_FROM_EMAIL = env.required("DEFAULT_FROM_EMAIL", "the address that the hub's mail comes from.")

EMAIL_BACKEND = "publications.mailing.SmtpBackend"
EMAIL_HOST = env.required("EMAIL_HOST", "the mail server that sends the hub's mail.")
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 20

SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.integer("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.boolean("SECURE_HSTS_PRELOAD", True)
SESSION_COOKIE_SECURE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
CSRF_COOKIE_SECURE = True
# X_FRAME_OPTIONS is not DENY, as Wagtail's preview shows our own pages in a frame.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
if env.boolean("BEHIND_PROXY"):
    # Only where a proxy sets this header on every request; otherwise anybody could claim HTTPS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
