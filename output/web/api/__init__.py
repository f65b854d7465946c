"""The read-only API: operations with typed parameters and answers, and the OpenAPI document that says so."""
