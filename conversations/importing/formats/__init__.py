"""The formats, one file each: `reads` says whether an entry is one, `read` makes a value of it."""
