-- Some 150 queries for wrk: single terms, pairs, phrases and questions, from the list of terms.
-- Run it in the project's folder.
--
--   zhengsou --index INDEX serve --set rate=0 &
--   wrk -t1 -c16 -d20s --latency -s tests/load/queries.lua http://127.0.0.1:7373
--
-- With MIXED=1 also pages, the reader's data, counts, trends and concordances.

local function encoded(text)
    return (text:gsub(".", function(byte) return string.format("%%%02X", byte:byte()) end))
end

local terms = {}
local number = 0
for line in io.lines("index_schema/lexicon.tsv") do
    local term = line:match("^([^#\t]+)\t")
    if term then
        number = number + 1
        if number % 19 == 0 then terms[#terms + 1] = term end
    end
end

local facets = "&facets=year,agency,region,section_kind"
local paths = {}
for at, term in ipairs(terms) do
    local other = terms[at % #terms + 1]
    local query = ({ term, term .. " " .. other, "“" .. term .. "”", term .. "怎么做" })[at % 4 + 1]
    paths[#paths + 1] = "/api/v1/search?q=" .. encoded(query) .. facets
    if os.getenv("MIXED") then
        local word = encoded(term)
        paths[#paths + 1] = ({
            "/search?q=" .. word,
            "/api/v1/count?term=" .. word .. "&by=year",
            "/api/v1/trend?term=" .. word,
            "/api/v1/kwic?term=" .. word .. "&limit=20",
            "/api/v1/suggest?q=" .. word,
            "/api/v1/related?q=" .. word,
        })[at % 6 + 1]
    end
end

local at = 0
request = function()
    at = at % #paths + 1
    return wrk.format("GET", paths[at])
end
