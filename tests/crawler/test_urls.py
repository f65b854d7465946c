"""Session keys do not make new pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.urls import without_session


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("http://a.example/agenda?PHPSESSID=1&page=2", "http://a.example/agenda?page=2"),
        ("http://a.example/agenda;jsessionid=0A?x=1", "http://a.example/agenda?x=1"),
        ("http://a.example/?utm_source=x", "http://a.example/"),
        ("http://a.example/api?data=%5Bout%3Ajson%5D", "http://a.example/api?data=%5Bout%3Ajson%5D"),
        ("http://a.example/agenda#2012", "http://a.example/agenda#2012"),
    ],
)
def test_a_session_is_no_part_of_an_address(url: str, bare: str) -> None:
    assert without_session(url) == bare


@given(st.text(max_size=60))
def test_nothing_breaks_it_and_twice_is_once(text: str) -> None:
    once = without_session("http://a.example/" + text)
    assert without_session(once) == once
