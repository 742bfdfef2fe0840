"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health, views

admin.site.site_header = admin.site.site_title = settings.SITE_NAME

handler400 = views.bad_request
handler500 = views.server_error

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("curriculum.urls")),
    path("", include("portfolio.urls")),
]
if settings.DEBUG or settings.IS_DEMO:
    urlpatterns += [path("styleguide/", views.styleguide, name="styleguide")]
