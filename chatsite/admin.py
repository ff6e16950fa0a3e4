"""People, for administrators: who may come in, and who administers."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from chatsite.models import User

admin.site.site_header = admin.site.site_title = _("Chatsite administration")
admin.site.register(User, UserAdmin)
