"""Copies of the whole site while it runs, the way back, and the move to another database."""
