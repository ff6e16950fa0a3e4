"""What happens when something breaks: processes, services, networks, disks.

`make faults` runs all of it, about twenty minutes; the default run a shorter cut of the same.
"""
