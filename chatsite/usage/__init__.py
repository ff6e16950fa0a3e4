"""What was used and what it cost: for one user, and for all on the desk."""
