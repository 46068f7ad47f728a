"""The tools for assistants, driven by the official client over stdio and HTTP.

    assistant.py ZHENGSOU BASE        ZHENGSOU_INDEX names the index, BASE the running server
"""

import asyncio
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

TOOLS = {
    "search_passages",
    "count_terms",
    "read_passage",
    "read_report_outline",
    "list_facet_values",
    "check_quote",
}


async def call(session, name, **arguments):
    result = await session.call_tool(name, arguments)
    assert not result.is_error, (name, result)
    return result.structured_content


async def refused(session, name, *wanted, **arguments):
    result = await session.call_tool(name, arguments)
    assert result.is_error, (name, arguments, result)
    text = result.content[0].text
    assert all(word in text for word in wanted), text


async def drive(session):
    await session.initialize()
    listed = (await session.list_tools()).tools
    assert {tool.name for tool in listed} == TOOLS, listed
    for tool in listed:
        assert tool.description and tool.input_schema["type"] == "object", tool
        flat = all(
            "properties" not in about for about in tool.input_schema["properties"].values()
        )
        assert flat, tool.input_schema

    found = await call(session, "search_passages", query="工作", limit=3)
    hits = found["hits"]
    assert len(hits) == 3 and all("《" in hit["citation"] for hit in hits), found
    read = await call(session, "read_passage", id=hits[0]["id"])
    passage = read["passages"][read["position"]]
    assert passage["id"] == hits[0]["id"] and passage["citation"] == hits[0]["citation"]
    outline = await call(session, "read_report_outline", id=passage["report_id"])
    assert outline["citation"] and outline["passages"] > 0
    values = await call(session, "list_facet_values", facet="year")
    assert values["values"] and values["citation"]
    counted = await call(session, "count_terms", terms="工作,发展", by="year")
    assert counted["terms"][0]["total"]["occurrences"] > 0 and counted["citation"]

    text = passage["text"]
    quote = text[: min(len(text), 60)]
    checked = await call(session, "check_quote", quote=quote)
    assert checked["verdict"] == "exact" and checked["places"][0]["citation"], checked
    checked = await call(session, "check_quote", quote=quote, id=passage["id"])
    assert checked["verdict"] == "exact", checked
    wrong = quote[: len(quote) // 2] + "甲乙丙" + quote[len(quote) // 2 :]
    checked = await call(session, "check_quote", quote=wrong, id=passage["id"])
    assert checked["verdict"] in ("differs", "not_found"), checked
    checked = await call(session, "check_quote", quote="这句话哪里都没有说过龘龘龘龘")
    assert checked["verdict"] == "not_found", checked

    await refused(session, "search_passages", "query")
    await refused(session, "search_passages", "limit", "50", query="工作", limit=5000)
    await refused(session, "search_passages", "colour", "query (string, required", query="x", colour="red")
    await refused(session, "search_passages", "relevance", query="工作", sort="newest")
    await refused(session, "search_passages", "[", query="(工作")
    await refused(session, "list_facet_values", "agency", facet="colour")
    await refused(session, "read_passage", "16", id="nothing")


async def main(program, base):
    server = StdioServerParameters(command=program, args=["mcp"], env=dict(os.environ))
    async with stdio_client(server) as (reading, writing):
        async with ClientSession(reading, writing) as session:
            await drive(session)
    print("mcp over stdio:", len(TOOLS), "tools answer")
    async with streamable_http_client(base + "/mcp") as (reading, writing, *_):
        async with ClientSession(reading, writing) as session:
            await drive(session)
    print("mcp over HTTP:", len(TOOLS), "tools answer")


asyncio.run(main(*sys.argv[1:]))
