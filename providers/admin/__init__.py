"""Providers, their keys and models, and what was called, for administrators."""

from providers.admin.call import CallAdmin
from providers.admin.model import ModelAdmin
from providers.admin.provider import ProviderAdmin

__all__ = ["CallAdmin", "ModelAdmin", "ProviderAdmin"]
