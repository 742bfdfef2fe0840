"""Which administration this site has. Apart from it: an app is named before any model may be imported."""

from django.contrib.admin.apps import AdminConfig


class Config(AdminConfig):
    """Django's, with the doors of config.admin_site."""

    default_site = "config.admin_site.Site"
