"""Whether the process is alive, and whether it is ready to serve."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from conversations.generation import draining

ANSWER_S = 1.0


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers, Redis too where there is one, and the process is not about to
    end. Says no more than that, for anyone may ask."""
    if draining.has_begun():
        return HttpResponse("draining", status=503, content_type="text/plain")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _unavailable("database")
    try:
        if settings.REDIS_URL:
            _ask_redis(settings.REDIS_URL)
    except (RedisError, OSError):
        return _unavailable("Redis")
    return HttpResponse("ok", content_type="text/plain")


def _ask_redis(url: str) -> None:
    limits = {"socket_connect_timeout": ANSWER_S, "socket_timeout": ANSWER_S}
    with Redis.from_url(url, retry=Retry(NoBackoff(), 0), **limits) as redis:
        redis.ping()


def _unavailable(what: str) -> HttpResponse:
    return HttpResponse(f"{what} unavailable", status=503, content_type="text/plain")
