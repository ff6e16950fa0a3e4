"""Running the site with daphne, and answering what daphne leaves open."""
