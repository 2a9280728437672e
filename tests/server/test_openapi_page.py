"""The page of the API: every call with an example, and examples that hold."""

import json
import re
from typing import Any

import pytest
from paceline_server.platform.openapi.document import typed_rows
from paceline_server.platform.openapi.examples import example_of
from paceline_server.platform.openapi.taking import body_of
from paceline_server.routes import API_ROUTES
from server.answers_checked import DOCUMENT
from server.running_server import RunningServer

COMPONENTS = DOCUMENT["components"]["schemas"]


def schema_of(method: str, path: str) -> Any:
    return DOCUMENT["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize("whole", [False, True])
def test_the_examples_of_bodies_are_taken(whole: bool) -> None:
    seen = 0
    for row, handler in typed_rows(API_ROUTES):
        if handler.contract.body is not None:
            example = example_of(schema_of(row.method, row.path), COMPONENTS, whole=whole)
            body_of(json.dumps(example).encode(), handler.contract.body)
            seen += 1
    assert seen > 8


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_everybody_sees_every_call(server: RunningServer) -> None:
    async with server.http.get("/api") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        text = await response.text()
        assert "'unsafe" not in response.headers["Content-Security-Policy"]
    operations = [one for item in DOCUMENT["paths"].values() for one in item.values()]
    anchors = set(re.findall(r'<article class="panel call" id="(\w+)"', text))
    assert anchors == {operation["operationId"] for operation in operations}
    assert text.count("<code>curl ") == len(operations)
    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(re.findall(r'id="([\w-]+)"', text))
    assert set(re.findall(r'<script[^>]*src="([^"]*)"', text)) == set(re.findall(r'"(/static/site-[^"]*\.js)"', text))
    assert "<script>" not in text and " style=" not in text
