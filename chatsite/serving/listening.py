"""Whether an address can be had, asked before anything is done for it."""

import errno
import socket

WORDS = {
    errno.EADDRINUSE: "is in use. Stop what serves there, or choose another with --port.",
    errno.EACCES: "needs more rights than this user has. Choose one above 1023 with --port.",
    errno.EADDRNOTAVAIL: "is not an address of this machine. Choose another with --host.",
}


class CannotListenError(Exception):
    """The words say why and what to do."""


def resolve(host: str, port: int) -> str:
    """`host` as an address on which this process could listen right now."""
    try:
        family, *_, target = socket.getaddrinfo(
            host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise CannotListenError(f"{host} is not an address of this machine.") from error
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(target)
        except OSError as error:
            words = WORDS.get(error.errno or 0, f"cannot be used: {error.strerror}.")
            raise CannotListenError(f"{host} port {port} {words}") from error
    return str(target[0])
