"""Every component in every state, for whoever develops the site: `/styleguide/` under DEBUG.

The partials and pages are the real ones, so that there is one markup; what they show is made here,
and nothing is read from the database.
"""
