"""How static files are named and packed for production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Content-hashed names, also for the relative imports between ES modules, so that every
    file may be cached for ever."""

    support_js_module_import_aggregation = True
