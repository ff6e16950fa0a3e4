"""What somebody finds who has the address of a shared chat, signed in or not."""
