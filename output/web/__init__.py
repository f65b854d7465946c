"""The web: one set of resources, served from an export (``serve``) or written as files (``publish``).

Everything that has an address is a resource (``resources/``): a function of an opened export and of what was asked,
without network, clock or state. What serves and what publishes know nothing of single pages.
"""
