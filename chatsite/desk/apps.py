from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """In the place of `django.contrib.admin`, whose name it keeps."""

    default_site = "chatsite.desk.site.Desk"
