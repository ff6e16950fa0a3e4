"""What happens when something breaks: processes, services, networks, disks.

`make faults` runs all of it, about a quarter of an hour; the default run a shorter cut of the same.
"""
