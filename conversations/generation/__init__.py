"""The run that outlives the socket: the server, not a page or a request, writes the answer down.

`hub` starts and stops runs; `follow` is how anything watches one. Nothing else is public.
"""
