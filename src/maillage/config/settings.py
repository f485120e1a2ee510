"""Django settings. Every choice an operator may make comes from the environment (docs/operating.md lists them)."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from maillage.config import environment

PACKAGE_FOLDER = Path(__file__).resolve().parents[1]
DATA_FOLDER = environment.data_folder()

DEBUG = environment.flag("MAILLAGE_DEBUG")
SECRET_KEY = environment.text("MAILLAGE_SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured("MAILLAGE_SECRET_KEY is empty: './maillage' makes one in the data folder.")
ALLOWED_HOSTS = environment.words("MAILLAGE_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.words("MAILLAGE_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "rules.apps.AutodiscoverRulesConfig",
    "maillage.kernel",
    "maillage.accounts",
    "maillage.territory",
    "maillage.directory",
    "maillage.conversations",
    "maillage.places",
    "maillage.sharing",
    "maillage.volunteering",
    "maillage.agreements",
    "maillage.handovers",
    "maillage.opportunities",
    "maillage.digest",
    "maillage.demonstration",
    "maillage.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "maillage.web.compression.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "maillage.config.urls"
WSGI_APPLICATION = "maillage.config.wsgi.application"
ASGI_APPLICATION = "maillage.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_FOLDER / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maillage.web.context.site",
            ],
            "builtins": [
                "maillage.kernel.templatetags.components",
                "maillage.kernel.templatetags.french",
            ],
        },
    }
]

DATABASES = {"default": environment.database(environment.text("DATABASE_URL", "postgresql:///maillage"))}
if environment.text("MAILLAGE_TEST_DATABASE"):
    DATABASES["default"]["TEST"] = {"NAME": environment.text("MAILLAGE_TEST_DATABASE")}
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the unique constraint on lower(email) is stronger than unique=True
    "staticfiles.W004",  # the folder of assets is made when pages are first served
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my-space"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "maillage.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # our own pages confirm an address before the account is opened
ACCOUNT_RATE_LIMITS = False  # accounts/limits.py counts, for every process at once
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "maillage.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Maillage"
MFA_TOTP_TOLERANCE = 1  # half a minute, for the clocks of telephones
MFA_RATE_LIMITS = False
OPENID = environment.openid()
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "maillage.accounts.adapter.address_tried"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when, from where: not kept
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
CSRF_FAILURE_VIEW = "maillage.web.site.errors.csrf_refused"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
ASSETS_FOLDER = DATA_FOLDER / "assets"  # made by build_assets
STATICFILES_DIRS = [PACKAGE_FOLDER / "web" / "static", ASSETS_FOLDER]
MEDIA_ROOT = DATA_FOLDER / "media"
UPLOADS_FOLDER = DATA_FOLDER / "uploads"  # registers that wait for their import
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

EMAIL_HOST = environment.text("MAILLAGE_SMTP_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_FOLDER / "mail"  # without a server of e-mail, messages are kept there
EMAIL_PORT = environment.number("MAILLAGE_SMTP_PORT", 25)
EMAIL_HOST_USER = environment.text("MAILLAGE_SMTP_USER")
EMAIL_HOST_PASSWORD = environment.text("MAILLAGE_SMTP_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 20
SITE_URL = environment.text("MAILLAGE_URL")  # named by e-mails; else the address by which the page was asked
DEFAULT_FROM_EMAIL = environment.text("MAILLAGE_FROM_EMAIL", "Maillage <maillage@localhost>")

SECURE_TLS = environment.flag("MAILLAGE_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_TLS else 0
if environment.flag("MAILLAGE_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

FETCHES_CALENDARS = environment.flag("MAILLAGE_FETCHES_CALENDARS", default=False)  # kernel/fetching.py

MAP_TILES_URL = environment.text("MAILLAGE_MAP_TILES")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", *environment.words("MAILLAGE_MAP_TILES_ORIGIN")],
        "connect-src": ["'self'"],
        # Signing out leads to the provider: its origin is named.
        "form-action": ["'self'", *(["/".join(OPENID["issuer"].split("/")[:3])] if OPENID else [])],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

SEARCH_WORKERS = environment.number("MAILLAGE_SEARCH_WORKERS", 1)  # processes; 0: one for each processor
SEARCH_SCHEDULER = environment.text("MAILLAGE_SEARCH_SCHEDULER")  # of a Dask cluster

TERRITORY = environment.words("MAILLAGE_TERRITORY", ["31"])
SITE_PHONE = environment.text("MAILLAGE_PHONE")
SITE_EMAIL = environment.text("MAILLAGE_EMAIL")
SITE_PUBLISHER = environment.text("MAILLAGE_PUBLISHER")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if DEBUG else "WARNING"},
}
