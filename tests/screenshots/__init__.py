"""The main pages as people see them, in pictures for whoever works on their look."""
