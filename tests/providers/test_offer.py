from providers.offer import Capabilities


def test_what_one_source_leaves_open_another_may_say() -> None:
    service = Capabilities(tools=False, reasoning=True)
    file = Capabilities(tools=True, image_input=True)
    assert service.or_else(file) == Capabilities(tools=False, reasoning=True, image_input=True)
