"""What a run of a source comes to."""

from crawler.outcomes import Outcome


def test_a_source_of_several_documents_fails_only_when_none_can_be_read() -> None:
    outcome = Outcome("x", starts=2)
    outcome.miss_start("gone", "the server answered 404")
    assert outcome.failure is None
    assert outcome.problems == ["the server answered 404"]
    outcome.miss_start("refused", "the server answered 403")
    assert (outcome.state(3), outcome.failure) == ("refused", "the server answered 403")


def test_one_document_that_was_read_is_enough() -> None:
    outcome = Outcome("x", starts=2, read=1)
    outcome.miss_start("gone", "the server answered 404")
    assert (outcome.state(1), outcome.failure) == ("healthy", None)
