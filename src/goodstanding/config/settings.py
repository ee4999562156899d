"""Settings, read from the environment: see README, "Settings"."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(env("GOODSTANDING_HOME", default=str(Path.cwd() / "var"))).resolve()

DEBUG = env.bool("GOODSTANDING_DEBUG", default=False)
DEMO = env.bool("GOODSTANDING_DEMO", default=False)  # signs a visitor on this machine in to the sample book
ALLOWED_HOSTS = env.list("GOODSTANDING_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("GOODSTANDING_ORIGINS", default=[])


def _secret() -> str:
    """The signing key: from the environment, else one made at first start and kept in the data folder."""
    given = env("GOODSTANDING_SECRET_KEY", default="")
    if given:
        return given
    kept = HOME / "secret_key"
    if not kept.exists():
        import secrets

        HOME.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{secrets.token_hex(4)}")
        fresh.write_text(secrets.token_urlsafe(64), encoding="ascii")
        fresh.chmod(0o600)
        with suppress(FileExistsError):
            kept.hardlink_to(fresh)  # the first of two starters wins
        fresh.unlink()
    return kept.read_text(encoding="ascii")


SECRET_KEY = _secret()

DATABASES = {"default": env.db_url("GOODSTANDING_DATABASE_URL", default=f"sqlite:///{HOME / 'book.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # WAL is faster, but SQLite before 3.51.3 can corrupt a WAL file when it is reset under readers: chosen by the
    # version at hand. IMMEDIATE makes concurrent writers wait instead of failing.
    _journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA journal_mode={_journal}; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
        " PRAGMA cache_size=-65536;",
    }
else:
    _database.setdefault("OPTIONS", {})
    _database["HOST"] = unquote(_database["HOST"])  # a socket folder arrives as %2Fvar%2Frun…
    _database["CONN_MAX_AGE"] = env.int("GOODSTANDING_CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "goodstanding.access",
    "goodstanding.parties",
    "goodstanding.receivables",
    "goodstanding.promises",
    "goodstanding.standing",
    "goodstanding.collections",
    "goodstanding.relations",
    "goodstanding.correspondence",
    "goodstanding.inbound",
    "goodstanding.outbound",
    "goodstanding.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads by a random length, so that sizes tell no secrets
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "goodstanding.web.middleware.DemoVisitor",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "goodstanding.web.middleware.Acting",
    "django.contrib.messages.middleware.MessageMiddleware",
    "goodstanding.web.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "goodstanding.config.urls"
WSGI_APPLICATION = "goodstanding.config.wsgi.application"
AUTH_USER_MODEL = "access.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
# NIST SP 800-63B-4: long, none of the common ones and not the own name; no rules about signs, no expiry.
PASSWORD_HASHERS = ["goodstanding.access.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "goodstanding.access.passwords.NotTheirName"},
]

# Sign-in (docs/adr/0006-sign-in.md). Nobody signs up; people are added in the desk or by the command.
ACCOUNT_ADAPTER = "goodstanding.web.pages.sign_in.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A whole office may share one address; a single name allows five wrong tries in five minutes.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "60/m/ip,5/300s/key"}
ACCOUNT_FORMS = {
    "login": "goodstanding.web.pages.sign_in.forms.SignIn",
    "reauthenticate": "goodstanding.web.pages.sign_in.forms.PasswordAgain",
}
MFA_ADAPTER = "goodstanding.web.pages.sign_in.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Good Standing"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "goodstanding.web.pages.sign_in.forms.Code",
    "reauthenticate": "goodstanding.web.pages.sign_in.forms.CodeAgain",
    "activate_totp": "goodstanding.web.pages.sign_in.forms.FirstCode",
}
SECOND_FACTOR_ROLES = frozenset(env.list("GOODSTANDING_SECOND_FACTOR_ROLES", default=[]))
SOCIALACCOUNT_ADAPTER = "goodstanding.web.pages.sign_in.adapters.Providers"
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_SERVER = env("GOODSTANDING_OIDC_SERVER", default="")  # the address below which /.well-known/… is found
OIDC_NAME = env("GOODSTANDING_OIDC_NAME", default="OpenID Connect")
OIDC_MATCH = env("GOODSTANDING_OIDC_MATCH", default="email")  # email (verified) or username
if OIDC_MATCH not in ("email", "username"):
    raise ValueError(f"GOODSTANDING_OIDC_MATCH: {OIDC_MATCH!r} is neither email nor username")
_oidc = {
    "provider_id": "oidc",
    "name": OIDC_NAME,
    "client_id": env("GOODSTANDING_OIDC_CLIENT", default=""),
    "secret": env("GOODSTANDING_OIDC_SECRET", default=""),
    "settings": {"server_url": OIDC_SERVER, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_oidc] if OIDC_SERVER else []}}
# What several processes must share: how often somebody tried a password or code.
CACHES = {
    "default": env.cache_url("GOODSTANDING_CACHE_URL")
    if env("GOODSTANDING_CACHE_URL", default="")
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "goodstanding.web.frame.context",
            ],
        },
    }
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
FIRM = tuple(line.strip() for line in env("GOODSTANDING_FIRM", default="").split("|") if line.strip())  # name first
MAIL_URL = env("GOODSTANDING_MAIL_URL", default="")  # smtp://, smtps:// or smtp+tls://user:password@host:port
MAIL_FROM = env("GOODSTANDING_MAIL_FROM", default="")
TIME_ZONE = env("GOODSTANDING_TIME_ZONE", default="Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": [
            "'self'",
            *([f"{urlsplit(OIDC_SERVER).scheme}://{urlsplit(OIDC_SERVER).netloc}"] if OIDC_SERVER else []),
        ],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "goodstanding.web.answers.csrf_failed"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = env.bool("GOODSTANDING_SECURE_COOKIES", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# What actions put on the queue, by name: the worker stands on a floor above them.
JOBS = {
    "run_import": "goodstanding.jobs.imports.run_import",
    "run_export": "goodstanding.jobs.exports.run_export",
    "run_statements": "goodstanding.jobs.papers.run_statements",
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
