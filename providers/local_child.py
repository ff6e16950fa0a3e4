"""The embedded model's own process: llama.cpp's OpenAI-compatible server on a free loopback port.

Run as a file, without Django. It prints its port once it accepts connections and lives until its
standard input ends, so that it goes with its parent whatever ends the parent.
"""

import os
import signal
import sys

import xllamacpp

CONTEXT = 4096
MOST_TOKENS = 1024
# Its standard error is the site's log.
ERRORS_ONLY = 1


def main() -> None:
    # What the library prints must not fill the pipe, which is read no further than the port.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    parameters = xllamacpp.CommonParams()
    _configure(parameters, model=sys.argv[1], key=os.environ.pop("CHATSITE_LOCAL_KEY"))
    # Kept in a name: the server lives as long as its object, and deleting it may hang.
    server = xllamacpp.Server(parameters)
    # The default and no handler: that would not run if it came just before the read below.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer.write(f"port {server.listening_address.rpartition(':')[2]}\n")
    answer.flush()
    sys.stdin.buffer.read()
    os._exit(0)


def _configure(parameters: xllamacpp.CommonParams, model: str, key: str) -> None:
    threads = max(1, min(4, (os.cpu_count() or 1) - 1))
    parameters.model.path = model
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.ui = False
    parameters.verbosity = ERRORS_ONLY
    parameters.api_keys = [key]
    parameters.cors_origins = "http://127.0.0.1"
    parameters.n_parallel = 2
    parameters.kv_unified = True
    parameters.n_ctx = CONTEXT
    parameters.n_predict = MOST_TOKENS
    # Small batches, and pings: else a cancel while it reads a prompt takes a minute.
    parameters.n_batch = parameters.n_ubatch = 128
    parameters.sse_ping_interval = 1
    parameters.cache_ram_mib = 256
    parameters.cpuparams.n_threads = threads
    parameters.cpuparams_batch.n_threads = threads
    parameters.sampling.temp = 0.2
    parameters.sampling.top_p = 0.9
    # Without it so small a model soon says the same line for ever.
    parameters.sampling.penalty_repeat = 1.1


if __name__ == "__main__":
    main()
