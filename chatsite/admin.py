"""People, for administrators: who may come in, and who administers."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from chatsite.models import User

admin.site.register(User, UserAdmin)
