"""Addresses of pages, without what makes the same page look like another one."""

import re

from w3lib.url import url_query_cleaner

_SESSION = "phpsessid sid jsessionid aspsessionid cfid cftoken session sessionid session_id"
_TRACKING = "utm_source utm_medium utm_campaign utm_term utm_content fbclid gclid mc_cid mc_eid"
_WITHOUT = [form for name in (*_SESSION.split(), *_TRACKING.split()) for form in (name, name.upper())]


def without_session(url: str) -> str:
    """Return a page's address without session and tracking keys: each visit would make it another address."""
    url = re.sub(r";jsessionid=[^?#]*", "", url, flags=re.IGNORECASE)
    return str(url_query_cleaner(url, _WITHOUT, remove=True, keep_fragments=True)) if "?" in url else url
