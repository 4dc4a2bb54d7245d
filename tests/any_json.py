"""JSON of any shape, made of the words of OpenAPI documents, for what must read whatever comes."""

from hypothesis import strategies as st

REF = "#/components/schemas/"
WORDS = st.sampled_from(
    ["openapi", "paths", "/leads", "/leads/{id}", "get", "post", "responses", "200", "content", "application/json",
     "schema", "components", "schemas", "Lead", "properties", "items", "type", "enum", "allOf", "oneOf", "$ref",
     "security", "securitySchemes", "requestBody", "summary", "format", "nullable", "additionalProperties",
     "parameters", "required", "in", "name", "query", "header", "maxLength", "2XX", "default"]
)  # fmt: skip
VALUES = st.sampled_from([REF + "Lead", REF + "Tag", "#/components", "object", "array", "string", "null", "date-time"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=6),
    max_leaves=40,
)
