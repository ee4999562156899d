"""The WSGI entry point that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goodstanding.config.settings")
application = get_wsgi_application()
