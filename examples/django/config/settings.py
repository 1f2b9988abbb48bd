"""Settings of the guest book; they hold for Django 3.2 and later."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

# A real site takes its key from the environment and lists its own host names.
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only-for-this-example-0123456789-abcdefghijklmnopqrstuvwxyz")
ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "*").split(",")
DEBUG = os.environ.get("DJANGO_DEBUG", "") == "1"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guestbook",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(BASE_DIR / "db.sqlite3"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"

# collectstatic gathers into STATIC_ROOT; oneserve.ini maps both directories, so Django never sees a request for them.
STATIC_URL = "/static/"
STATIC_ROOT = str(BASE_DIR / "collected")
MEDIA_URL = "/media/"
MEDIA_ROOT = str(BASE_DIR / "media")
