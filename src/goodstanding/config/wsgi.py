"""The WSGI entry point that the server runs."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodstanding.config.settings")
application = get_wsgi_application()
len(get_resolver().url_patterns)  # imports every page and the engine now, so that no visitor waits for it
