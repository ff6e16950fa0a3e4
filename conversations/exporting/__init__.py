"""Conversations on their way out: as JSON that can come in again, as Markdown, as HTML.

All of it is generators of text that read the database a little at a time, each part by itself: any
thread may take the next one, and what is in memory does not grow with what there is to tell.
"""
