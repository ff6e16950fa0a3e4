"""Conversations from elsewhere: a file becomes values, and values become rows.

`reading` is the way in: pure functions from bytes to values, one file per format in `formats`.
`storing` writes one conversation, seen whole or not at all; `running` does it beside the pages.
"""
