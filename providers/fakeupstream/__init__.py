"""A scripted OpenAI-compatible service over real TCP, for tests and for people who develop.

Nothing of the site imports it, and it needs the standard library alone.
"""
