"""Django settings, the same for a commune's computer and a province's server."""

import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from vang.channels.discovery import channel_apps
from vang.config.databases import choose
from vang.config.environment import read_environment
from vang.letters.server import read_mail_server

ENVIRONMENT = read_environment()
SOURCE = Path(__file__).resolve().parent.parent
DATA = ENVIRONMENT.data
SECRET_FILE = DATA / "secret.key"
# Commands that need no installation (tests, message catalogues) run on a key of the moment.
SECRET_KEY = SECRET_FILE.read_text() if SECRET_FILE.is_file() else secrets.token_urlsafe(50)

DEBUG = False
ALLOWED_HOSTS = [*ENVIRONMENT.hosts]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if ENVIRONMENT.https else []
ROOT_URLCONF = "vang.config.urls"
WSGI_APPLICATION = "vang.config.wsgi.application"
DATABASES = {"default": choose(ENVIRONMENT.database_url, DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks_db",
    "vang.base",
    "vang.orgs",
    "vang.cap",
    "vang.search",
    "vang.people",
    "vang.journal",
    "vang.letters",
    "vang.notices",
    "vang.help",
    "vang.trust",
    "vang.upstream",
    "vang.review",
    "vang.library",
    "vang.voice",
    "vang.takes",
    "vang.phrases",
    "vang.bulletins",
    "vang.studio",
    "vang.stations",
    "vang.relays",
    "vang.trials",
    "vang.airtime",
    "vang.dispatch",
    "vang.carriages",
    "vang.captures",
    "vang.evidence",
    "vang.rollouts",
    "vang.equipment",
    "vang.repairs",
    "vang.alerts",
    "vang.live",
    "vang.guidance",
    "vang.claims",
    "vang.pool",
    "vang.editorial",
    "vang.documents",
    "vang.channels",
    *channel_apps(),
    "vang.figures",
    "vang.connections",
    "vang.chronicle",
    "vang.plans",
    "vang.mergers",
    "vang.reports",
    "vang.desk",
    "vang.installation",
    # Last: its templates give way to ours.
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "vang.base.permissions.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "vang.base.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vang.people.middleware.PresenceMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "vang.desk.context.console",
            ],
            "builtins": ["vang.base.templatetags.vang", "vang.base.templatetags.panels"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.insert(0, "django.forms")

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "people:sign-in"

# Five wrong passwords for one account from one address close it there for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "vang.people.views.entering.locked_out"
AXES_CLIENT_IP_CALLABLE = "vang.people.addresses.client_address"
AXES_VERBOSE = False
# Counted attempts, and codes used once: the same for every process.
CACHES = {"default": {"BACKEND": "vang.people.limits.LimitCache"}}

# Passwords, passkeys and codes by the accounts library; pages, words and letters are ours.
ACCOUNT_ADAPTER = "vang.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_TIMEOUT = 600
# So long after a proof nobody is asked again before something that matters.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# django-axes counts wrong passwords; these count codes, passkeys and repeated proofs.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/15m/key"}
MFA_ADAPTER = "vang.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_FAILURE_VIEW = "vang.bulletins.views.keeping.form_out_of_date"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# A stranger's request is measured before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = [
    "vang.library.uploads.MeasuringUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
# vi_number writes 1.250.000 where a person reads it; keys in addresses must stay plain.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["vang.config.formats"]

STATIC_URL = "/static/"
# The few assets are served from where they lie: nothing to collect, nothing to go stale.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

WEBHOOKS_INSIDE = ENVIRONMENT.webhooks_inside
FEEDS_INSIDE = ENVIRONMENT.feeds_inside
RELAYS_INSIDE = ENVIRONMENT.relays_inside
CAP_AUTHORITY = ENVIRONMENT.cap_authority
# None: no letters leave. Django's own mail functions are not used.
MAIL_SERVER = read_mail_server(ENVIRONMENT.smtp_url, ENVIRONMENT.mail_from)

# Speech takes minutes and a mail server may be slow; neither must hold up a public page: the
# worker serves each queue at once.
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "voice", "letters", "channels", "library"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "tuf": {"level": "WARNING"},
    },
}
