"""The administrator's desk: Django's admin in the site's own shape, and what it tells besides."""
