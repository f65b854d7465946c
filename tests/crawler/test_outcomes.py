"""What a run of a source comes to."""

import pytest

from crawler.outcomes import REASONS, Failed, Outcome, failed_status

GONE, REFUSED = failed_status(404), failed_status(403)


def test_a_source_of_several_documents_fails_only_when_none_can_be_read() -> None:
    outcome = Outcome("x", starts=2)
    outcome.miss_start(GONE)
    assert outcome.failure is None
    assert outcome.problems == ["the server answered 404"]
    outcome.miss_start(REFUSED)
    assert (outcome.failed_state, outcome.failed_class, outcome.failure) == (
        "refused",
        "unauthorised",
        "the server answered 403",
    )


def test_one_document_that_was_read_is_enough() -> None:
    outcome = Outcome("x", starts=2, read=1)
    outcome.miss_start(GONE)
    assert outcome.failure is None


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (401, "refused", "unauthorised"),
        (404, "gone", "gone"),
        (410, "gone", "gone"),
        (418, "failing", "client error"),
        (429, "failing", "too many requests"),
        (451, "refused", "unauthorised"),
        (503, "failing", "server error"),
    ],
)
def test_every_status_has_its_class(status: int, state: str, reason: str) -> None:
    assert failed_status(status) == Failed(state, reason, f"the server answered {status}")
    assert reason in REASONS
