from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def frame(client: Client) -> Any:
    return client.get("/diagram/")


def test_the_frame_has_no_origin_and_asks_no_other_host(frame: Any) -> None:
    policy = frame["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox allow-scripts", "script-src 'self'"} <= set(policy)
    assert not any("http" in part or "connect" in part or "same-origin" in part for part in policy)


def test_only_the_site_may_frame_it(frame: Any) -> None:
    assert "frame-ancestors 'self'" in frame["Content-Security-Policy"]
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


def test_a_page_may_frame_nothing_else(client: Client) -> None:
    assert "frame-src 'self'" in client.get("/healthz")["Content-Security-Policy"]


def test_it_holds_nothing_of_anybody(frame: Any, as_olivia: Client) -> None:
    assert as_olivia.get("/diagram/").content == frame.content


def test_a_stranger_may_see_it_since_it_is_empty(frame: Any) -> None:
    assert frame.status_code == 200
    assert b"<body></body>" in frame.content


def test_nothing_can_be_posted_to_it(client: Client) -> None:
    assert client.post("/diagram/").status_code == 405
