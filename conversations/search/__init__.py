"""Search over all that a user asked and was answered: one design for both databases.

Each text is stored as its terms, made here and not by the database, so that both find the same and
know Chinese: words, and for writing without spaces single characters and pairs of them.
"""
