"""The yardstick: passes a service's answer on as it comes, stores, formats and checks nothing.

python -m tests.bench.relay http://127.0.0.1:PORT/
"""

import asyncio
import sys
from pathlib import Path

import aiohttp
from aiohttp import web

PAGE = Path(__file__).with_name("relay.html").read_text(encoding="utf-8")
UPSTREAM = web.AppKey("upstream", aiohttp.ClientSession)
LONGEST_RUN_S = 1800


async def page(_request: web.Request) -> web.Response:
    return web.Response(text=PAGE, content_type="text/html")


async def relay(request: web.Request) -> web.StreamResponse:
    question = await request.read()
    async with request.app[UPSTREAM].post("/v1/chat/completions", data=question) as answer:
        passed_on = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await passed_on.prepare(request)
        async for chunk in answer.content.iter_any():
            await passed_on.write(chunk)
        return passed_on


async def _main(upstream: str) -> None:
    connections = aiohttp.TCPConnector(limit=0)
    headers = {"content-type": "application/json"}
    async with aiohttp.ClientSession(upstream, connector=connections, headers=headers) as session:
        relaying = web.Application()
        relaying[UPSTREAM] = session
        relaying.add_routes([web.get("/", page), web.post("/chat", relay)])
        runner = web.AppRunner(relaying, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        sys.stdout.write(f"Ready: http://127.0.0.1:{runner.addresses[0][1]}/\n")
        sys.stdout.flush()
        # A run that was killed takes nobody with it; this ends by itself.
        await asyncio.sleep(LONGEST_RUN_S)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1]))
