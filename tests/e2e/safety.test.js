// Documents and addresses that try to be markup. `hostile.js` writes the documents.

import assert from "node:assert/strict";
import { test } from "node:test";

import { arrives, base, useBrowser, visit } from "./browser.js";

useBrowser();

/** Fails if anything of a document or an address was taken for markup. */
async function unharmed(page, where) {
  const found = await page.evaluate(() => ({
    hacked: window.hackedBy,
    images: document.querySelectorAll("img, svg[onload], [onerror], [onload], [onmouseover]").length,
    scripts: [...document.scripts].filter((script) => !script.src).length,
    styles: document.querySelectorAll("style, [style]").length,
  }));
  assert.deepEqual(found, { hacked: [], images: 0, scripts: 0, styles: 0 }, where);
}

async function watched(page) {
  await page.addInitScript(() => {
    window.hackedBy = [];
    window.hacked = (place) => window.hackedBy.push(place);
  });
}

test("documents are text in every view", async () => {
  await visit("/", {}, async (page) => {
    await watched(page);
    await page.goto("/search?q=攻击样本");
    assert.ok((await page.locator(".hit").count()) >= 1);
    const text = await page.locator("body").innerText();
    for (const place of ["title", "heading", "text", "agency", "region"]) {
      assert.ok(text.includes(`onerror="hacked('${place}')"`), `${place} is shown as it is written`);
    }
    assert.ok(text.includes(`'"><svg onload=hacked(1)>.jsonl`), "so is the name of the file");
    await unharmed(page, "hits");

    for (const field of ["agency", "region"]) {
      await page.goto("/search?q=攻击样本 OR 乡村振兴");
      await page.locator(`section[aria-labelledby="f-${field}"] summary`).click().catch(() => {});
      await page.locator(`.pick[data-key*="onerror"][href*="${field}"]`).first().click();
      await arrives(page, "onerror");
      await page.locator(".chip").waitFor();
      await unharmed(page, field);
    }

    await page.goto("/search?q=攻击样本");
    await page.locator(".fold a").first().click({ timeout: 2000 }).catch(() => {});
    await unharmed(page, "copies");
    await page.goto("/search?q=攻击样本");
    await page.getByRole("button", { name: "收藏检索" }).click();
    await page.getByRole("link", { name: "相近表述" }).last().click();
    await arrives(page, "/similar");
    await unharmed(page, "similar");
    await page.goto("/search?q=攻击样本");
    await page.locator(".hit h2 a").first().click();
    await arrives(page, "/report/");
    assert.ok((await page.locator(".paper mark").count()) >= 1);
    await unharmed(page, "report");
    for (const path of ["/kwic?q=攻击样本", "/trend?q=攻击样本 <b>", "/"]) {
      await page.goto(path);
      await unharmed(page, path);
    }
  });
});

test("addresses are text in every view", async () => {
  const attack = `"'><script>hacked("query")</script><img src=x onerror=hacked("query")>`;
  const names = ["q", "text", "find", "agency", "region", "year", "id", "from", "lang", attack];
  await visit("/", { allowed: ["40", "Failed to load resource"] }, async (page) => {
    await watched(page);
    for (const view of ["/", "/search", "/similar", "/trend", "/kwic", "/help", "/report/x"]) {
      for (const name of names) {
        const query = new URLSearchParams({ find_in: "agency", [name]: attack });
        await page.goto(`${view}?${query}`);
        await unharmed(page, `${view} ${name}`);
      }
    }
    await page.goto(`/report/${encodeURIComponent(attack)}`);
    await unharmed(page, "report id");
    // What is kept in the browser comes back on the first page.
    await page.goto(`/search?${new URLSearchParams({ q: `"${attack}"` })}`);
    await page.goto("/");
    await unharmed(page, "recent searches");
  });
});

test("a policy forbids what the templates do not do", async () => {
  await visit("/", {}, async (page) => {
    for (const path of ["/", "/search?q=a", "/report/x", "/nowhere"]) {
      const response = await page.request.get(base + path, { headers: { accept: "text/html" } });
      const policy = response.headers()["content-security-policy"];
      assert.match(policy, /default-src 'none'/, path);
      assert.ok(!policy.includes("unsafe"), policy);
      assert.equal(response.headers()["x-content-type-options"], "nosniff");
    }
  });
});
