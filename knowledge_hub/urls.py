"""Every address of the site: those that stay the same in every language, then those below /{lang}/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from knowledge_hub import health, sign_in_urls, views
from knowledge_hub.api import api
from knowledge_hub.sitemaps import SITEMAPS
from publications import urls as publications_urls
from search import urls as search_urls
from search.views import read_page

urlpatterns = [
    path("", views.choose_language, name="root"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("theme/", views.set_theme, name="set_theme"),
    path("api/v1/", api.urls),
    path("admin/login/", views.sign_in_to_cms, name="sign_in_to_cms"),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/images/<path:path>", views.image, name="image"),
    path("", include(sign_in_urls.plain_urlpatterns)),
    path("", include(publications_urls.plain_urlpatterns)),
    path("", include(search_urls.plain_urlpatterns)),
    *i18n_patterns(
        path("", include(sign_in_urls)),
        path("", include(search_urls)),
        path("records/<str:pid>/pages/<int:file>/<int:number>/", read_page, name="read_page"),
        path("", include(publications_urls)),
        path("", include(wagtail_urls)),
    ),
]

handler400 = "knowledge_hub.views.bad_request"
handler403 = "knowledge_hub.views.permission_denied"
handler404 = "knowledge_hub.views.page_not_found"
handler500 = "knowledge_hub.views.server_error"
