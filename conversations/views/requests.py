"""The request that a view gets once `login_required` and the htmx middleware have seen it."""

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class UserRequest(HttpRequest):
    user: AbstractBaseUser  # type: ignore[assignment]
    htmx: HtmxDetails
