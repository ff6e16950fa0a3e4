"""What the commands that use a service's functions share: whom they ask, what they read, where
they write."""
