from providers.places import MOST_PLACES, Places


def test_what_was_learnt_last_is_kept_and_no_more_than_that() -> None:
    places = Places("")
    for number in range(MOST_PLACES):
        places["https://a.example/v1", f"m{number}"] = "first"
    places["https://a.example/v1", "m0"] = "again"
    places["https://a.example/v1", "new"] = "last"
    found = [places["https://a.example/v1", name] for name in ("m0", "m1", "m2", "new")]
    assert found == ["again", "", "first", "last"]
