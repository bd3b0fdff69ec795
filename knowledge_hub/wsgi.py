"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from knowledge_hub.request_body import with_whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledge_hub.settings")
application = with_whole_bodies(get_wsgi_application())
