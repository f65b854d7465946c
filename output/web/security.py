"""Headers of every answer, and what a page may load: its own site's files, and nothing that stands in it."""

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(**more: str) -> dict[str, str]:
    """Return the header with the site's policy, with some directives otherwise: ``policy(frame_src="'self'")``."""
    directives = {**POLICY, **{name.replace("_", "-"): value for name, value in more.items()}}
    return {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in directives.items())}


HEADERS = {
    **policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
