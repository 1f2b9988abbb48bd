"""The site of the tests as it is deployed: names of static files are hashed when they are collected."""

import os

import django
from myproj.settings import *  # noqa: F401,F403

STATICFILES_DIRS = [os.environ["BROWSER_SOURCES"]]
STATIC_ROOT = os.environ["BROWSER_STATIC"]
MEDIA_ROOT = os.environ["BROWSER_MEDIA"]
ROOT_URLCONF = "browser_urls"
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
if django.VERSION >= (4, 2):
    STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {"BACKEND": MANIFEST}}
else:
    STATICFILES_STORAGE = MANIFEST
