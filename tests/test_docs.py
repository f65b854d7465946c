"""The documentation says what the program says of itself."""

from crawler import handbook, readers


def test_the_page_of_sources_is_as_the_readers_have_it() -> None:
    assert handbook.PAGE.read_text(encoding="utf-8") == handbook.page(), "write it anew: python -m crawler.handbook"


def test_every_reader_says_what_it_is() -> None:
    for reader in readers.READERS.values():
        assert reader.title
        assert reader.marks
        assert reader.gives
        assert reader.specification.startswith("http"), reader.name
