"""The way to the service: its address, and the encryption on it."""

import asyncio
import socket
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from providers.doctor.finding import Finding, Result
from providers.doctor.patient import LIMITS, Patient
from providers.endpoint import Endpoint
from providers.errors import ErrorKind
from providers.netguard import AddressRefused, check_addresses
from providers.transport import tls_context
from providers.words import words


async def resolves(patient: Patient) -> Finding:
    host, port = _place(patient.endpoint)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LIMITS.connect):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        told = _("The name %(host)s leads to no address.") % {"host": host}
        return Finding(Result.FAILED, told, _("Check the base URL for a typing mistake."))
    patient.addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
    try:
        if guard := patient.endpoint.guard:
            check_addresses(guard, host, patient.addresses)
    except AddressRefused:
        told = _("%(host)s leads into a private network.") % {"host": host}
        return Finding(Result.FAILED, told, _("Ask an administrator to allow this address."))
    return Finding(Result.GOOD, ", ".join(patient.addresses[:3]))


async def encrypts(patient: Patient) -> Finding:
    host, port = _place(patient.endpoint)
    try:
        async with asyncio.timeout(LIMITS.connect):
            writer = await _connected(patient.addresses, port, host)
    except ssl.SSLError as error:
        hint = _("Check that the address begins with the right one of https:// and http://")
        return Finding(Result.FAILED, error.reason or str(error), hint)
    except (OSError, TimeoutError) as error:
        told = words(ErrorKind.UNREACHABLE)
        return Finding(Result.FAILED, f"{told.message} {error}".strip(), str(told.hint))
    version = writer.get_extra_info("ssl_object").version()
    writer.close()
    return Finding(Result.GOOD, str(version))


async def _connected(addresses: Sequence[str], port: int, host: str) -> asyncio.StreamWriter:
    """Only to an address that was checked, and not to what the name may lead to by now."""
    refused = OSError()
    for address in addresses:
        opening = asyncio.open_connection(address, port, ssl=tls_context(), server_hostname=host)
        try:
            return (await opening)[1]
        except ssl.SSLError:
            raise
        except OSError as error:
            refused = error
    raise refused


def _place(endpoint: Endpoint) -> tuple[str, int]:
    parts = urlsplit(endpoint.base_url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
