"""What this process does, in numbers for whoever watches over it.

Each process counts for itself and from zero. Nothing here is done per chunk: frames, checkpoints
and ends of runs are counted, and those are few.
"""

from prometheus_client import Counter, Gauge, Histogram

WAITS_S = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)
LAGS_S = (0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5)
WRITES_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20)
PAGES_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)

RUNS = Gauge("chatsite_runs", "Answers that this process is writing now.")
ENDED = Counter("chatsite_runs_ended", "Answers that ended in this process, by state.", ["state"])
ERRORS = Counter("chatsite_run_errors", "Answers that failed, by the kind of error.", ["kind"])
TOKENS = Counter("chatsite_tokens", "Tokens of answers, as services counted them.", ["direction"])
FIRST_TOKEN = Histogram(
    "chatsite_first_token_seconds",
    "From the start of a run to its first word; known when the run has ended.",
    buckets=WAITS_S,
)
FRAME_LAG = Histogram(
    "chatsite_frame_lag_seconds",
    "From the arrival of a chunk to the frame that carries it, for each page.",
    buckets=LAGS_S,
)
CHECKPOINT = Histogram(
    "chatsite_checkpoint_seconds",
    "To save the text of all runs and renew their leases, the wait for the writer included.",
    buckets=WRITES_S,
)
STORE_FAILURES = Counter("chatsite_store_failures", "Database errors of runs and sockets.")
QUEUE = Gauge("chatsite_queue_length", "What waits for threads, or is in them.", ["queue"])
WRITES, READS = QUEUE.labels("store_write"), QUEUE.labels("store_read")
PAGES = Histogram(
    "chatsite_page_seconds",
    "To answer a request, by the pattern of its address.",
    ["route"],
    buckets=PAGES_S,
)
RESPONSES = Counter("chatsite_responses", "Answers to requests, by their HTTP status.", ["status"])
SOCKETS = Gauge("chatsite_sockets", "Open sockets of pages.")
TASKS = Gauge("chatsite_tasks", "Tasks on the loop of the server: what is left over shows here.")
