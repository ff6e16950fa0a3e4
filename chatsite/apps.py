from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChatsiteConfig(AppConfig):
    name = "chatsite"
    verbose_name = _("People")
