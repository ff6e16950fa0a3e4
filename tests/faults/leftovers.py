"""What a process still holds when all is over."""

import time

import psutil

from tests.site import Site

SETTLE_S = 15.0


def connections(site: Site, port: int) -> int:
    """How many sockets it has open with this port at either end."""
    found = psutil.Process(site.process.pid).net_connections("tcp")
    open_ones = [each for each in found if each.status == psutil.CONN_ESTABLISHED]
    return sum(port in (each.laddr.port, each.raddr.port) for each in open_ones)


def port_of(site: Site) -> int:
    return int(site.url.rstrip("/").rpartition(":")[2])


def descriptors(site: Site) -> int:
    return int(psutil.Process(site.process.pid).num_fds())


def nothing_is_left(site: Site, upstream_port: int) -> bool:
    """Whether, after some seconds, no page and no service is connected any more."""
    end = time.monotonic() + SETTLE_S
    while time.monotonic() < end:
        if not connections(site, upstream_port) and not connections(site, port_of(site)):
            return True
        time.sleep(0.1)
    return False
