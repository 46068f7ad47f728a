// Searching: what is typed, counted, chosen, and where one comes back to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address, arrives, base, countOf, useBrowser, visit } from "./browser.js";

useBrowser();

const titles = (page) => page.locator(".hit h2").allTextContents();
const facet = (page, name) => page.locator(`section[aria-labelledby="f-${name}"]`);
const option = (page, name, value) => facet(page, name).locator(`.pick[data-key="${value}"]`);
const total = (page) => page.locator(".views .count").first().textContent();

test("a search from the first page marks what was typed and says how it was understood", async () => {
  await visit("/", {}, async (page) => {
    await page.locator("#q").fill("乡村振兴");
    await page.keyboard.press("Enter");
    await arrives(page, "/search?q=乡村振兴");
    assert.match(await page.title(), /^乡村振兴 · /);
    assert.equal(await page.locator(".echo code").textContent(), "乡村振兴");
    const marks = await page.locator(".hit .text:visible mark").allTextContents();
    assert.ok(marks.length >= 5);
    assert.ok(marks.every((mark) => /乡村|振兴|鄉村|振興/.test(mark)), marks.join());
  });
});

test("values of a facet are alternatives and keep its counts", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    const counts = async () => facet(page, "level").locator(".count").allTextContents();
    const before = await counts();
    const county = countOf(await option(page, "level", "县").textContent());
    const city = countOf(await option(page, "level", "市").textContent());

    await option(page, "level", "县").click();
    await arrives(page, "level=县");
    assert.equal(countOf(await total(page)), county);
    assert.deepEqual(await counts(), before, "a choice must not change its own facet");

    await option(page, "level", "市").click();
    await arrives(page, "level=市");
    assert.equal(countOf(await total(page)), county + city);
    assert.equal(await facet(page, "level").locator('[aria-current="true"]').count(), 2);
    assert.equal(await page.locator(".chip").count(), 2);

    await page.locator(".chip", { hasText: "县" }).click();
    await page.waitForURL((url) => !decodeURIComponent(url.href).includes("县"));
    assert.equal(countOf(await total(page)), city);
  });
});

test("a value can be left out", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    const all = countOf(await total(page));
    const county = countOf(await option(page, "level", "县").textContent());
    await page.getByRole("link", { name: "排除 县", exact: true }).click();
    await arrives(page, "level=!县");
    assert.equal(countOf(await total(page)), all - county);
  });
});

test("regions open from province to county", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    assert.equal(await option(page, "region", "江苏省/淮安市").count(), 0);
    for (const region of ["江苏省", "江苏省/淮安市", "江苏省/淮安市/云溪县"]) {
      const count = countOf(await option(page, "region", region).textContent());
      await option(page, "region", region).click();
      await arrives(page, `region=${region}`);
      assert.equal(countOf(await total(page)), count, region);
      assert.equal(await page.locator(".chip").count(), 1, "the part takes the place of the whole");
    }
  });
});

test("values of a facet are found by their characters", async () => {
  await visit("/search?q=", {}, async (page) => {
    const box = facet(page, "agency").getByRole("searchbox");
    await box.fill("卫生健康");
    await box.press("Enter");
    await arrives(page, "find=卫生健康");
    const names = await facet(page, "agency").locator(".pick .name").allTextContents();
    assert.ok(names.length > 0 && names.every((name) => name.includes("卫生健康")), names.join());
    await option(page, "agency", "卫生健康局").click();
    await arrives(page, "agency=卫生健康局");
    assert.ok(!address(page).includes("find="), "what was found need not be sought");
  });
});

test("the histogram of years is their filter", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    const bar = (year) => page.locator(`.years a[data-year="${year}"]`);
    const label = await bar(2022).getAttribute("aria-label");
    await bar(2022).click();
    await arrives(page, "report_year=2022");
    assert.equal(countOf(await total(page)), Number(label.match(/(\d+) 段/)[1]));
    assert.equal(await bar(2022).getAttribute("aria-current"), "true");

    await bar(2022).click();
    await page.waitForURL((url) => !url.href.includes("report_year"));

    const [from, to] = [await bar(2020).boundingBox(), await bar(2022).boundingBox()];
    await page.mouse.move(from.x + from.width / 2, from.y + 30);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width / 2, to.y + 30, { steps: 4 });
    await page.mouse.up();
    await arrives(page, "report_year=2020..2022");
    assert.equal(await page.locator('.years [aria-current="true"]').count(), 3);

    await page.getByLabel("从哪一年").fill("2023");
    await page.getByLabel("到哪一年").fill("");
    await page.getByLabel("到哪一年").press("Enter");
    await page.locator('.years [aria-current="true"][data-year="2024"]').waitFor();
    assert.equal(await bar(2022).getAttribute("aria-current"), null);
  });
});

test("going back restores the search, its filters and the page of hits", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    const first = await titles(page);
    await page.getByRole("link", { name: "下一页" }).click();
    await arrives(page, "page=2");
    const second = await titles(page);
    assert.notDeepEqual(first, second);
    await option(page, "level", "县").click();
    await arrives(page, "level=县");
    assert.ok(!address(page).includes("page="), "a filter begins at the first page");
    await page.locator(".hit h2 a").first().click();
    await arrives(page, "/report/");

    await page.goBack();
    await arrives(page, "level=县");
    assert.equal(await option(page, "level", "县").getAttribute("aria-current"), "true");
    await page.goBack();
    await arrives(page, "page=2");
    await page.waitForFunction(() => !document.querySelector(".chip"));
    assert.deepEqual(await titles(page), second);
    await page.goBack();
    await page.waitForURL((url) => !url.href.includes("page="));
    await page.locator('.pages a[rel="prev"]').waitFor({ state: "detached" });
    assert.deepEqual(await titles(page), first);
  });
});

test("order, matching and folding are choices that the address holds", async () => {
  await visit("/search?q=乡村 振兴", {}, async (page) => {
    await page.getByRole("link", { name: "最早" }).click();
    await arrives(page, "sort=year");
    await page.getByRole("link", { name: "逐字" }).click();
    await arrives(page, "mode=verbatim");
    await page.getByRole("link", { name: "逐条列出" }).click();
    await arrives(page, "fold=false");
    await page.getByRole("link", { name: /^报告 \d/ }).click();
    await arrives(page, "group_by_report=true");
    const shown = await titles(page);
    assert.equal(shown.length, 10);
    for (const wanted of ["q=", "sort=year", "mode=verbatim", "fold=false"]) {
      assert.ok(address(page).includes(wanted), wanted);
    }
  });
});

test("near copies fold under one hit and can be compared", async () => {
  await visit("/search", {}, async (page) => {
    while ((await page.locator(".fold").count()) === 0) {
      await page.goto(await page.getByRole("link", { name: "下一页" }).getAttribute("href"));
    }
    await page.locator(".fold a").first().click();
    await arrives(page, "/copies/");
    assert.ok((await page.locator(".hit").count()) >= 1);
    assert.ok((await page.locator(".origin .text").textContent()).length > 0);
    for (const remark of await page.locator(".hit .remark").allTextContents()) {
      assert.match(remark, /相似度 \d+%/);
    }
  });
});

test("keys go through hits and open them", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type("jk");
    assert.match(await page.locator("#q").inputValue(), /jk$/);
    await page.keyboard.press("Tab");
    const focused = () => page.evaluate(() => document.activeElement.id);
    const ids = await page.locator(".hit").evaluateAll((hits) => hits.map((hit) => hit.id));
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.equal(await focused(), ids[1]);
    await page.keyboard.press("k");
    assert.equal(await focused(), ids[0]);
    await page.keyboard.press("?");
    assert.ok(await page.getByRole("dialog").isVisible());
    await page.keyboard.press("Escape");
    await page.locator(".hit").first().focus();
    await page.keyboard.press("Enter");
    await arrives(page, `#${ids[0]}`);
    assert.ok(address(page).startsWith("/report/"));
  });
});

test("single keys can be switched off", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    await page.keyboard.press("?");
    await page.getByRole("checkbox").uncheck();
    await page.getByRole("button", { name: "关闭" }).click();
    await page.keyboard.press("/");
    assert.notEqual(await page.evaluate(() => document.activeElement.id), "q");
  });
});

test("what is typed is completed, as words and as filters", async () => {
  await visit("/", {}, async (page) => {
    const box = page.locator("#q");
    const offers = page.getByRole("option");
    await box.pressSequentially("乡村");
    await offers.first().waitFor();
    await page.keyboard.press("ArrowDown");
    const chosen = await box.getAttribute("aria-activedescendant");
    const words = await page.locator(`[id="${chosen}"] span`).first().textContent();
    assert.ok(words.startsWith("乡村") && words.length > 2, words);
    await page.keyboard.press("Enter");
    await arrives(page, `q=${words}`);

    await box.fill("教育 云溪县");
    await offers.filter({ hasText: "地区" }).first().click();
    await arrives(page, "region=江苏省/淮安市/云溪县");
    assert.ok(address(page).includes("q=教育"), "the words before it stay");
    await box.fill("");
    await offers.first().waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await offers.count(), 0);
  });
});

test("searches are remembered, saved and forgotten in the browser", async () => {
  await visit("/search?q=乡村振兴&level=县", {}, async (page) => {
    await page.getByRole("button", { name: "收藏检索" }).click();
    await page.goto("/search?q=家庭医生");
    await page.goto("/");
    const listed = (name) => page.locator(`[data-list="${name}"] li a`);
    assert.deepEqual(await listed("saved").allTextContents(), ["乡村振兴 · 层级 县"]);
    assert.equal(await listed("recent").count(), 2);
    await listed("saved").click();
    await arrives(page, "level=县");
    await page.goto("/");
    await page.getByRole("button", { name: "清除" }).click();
    assert.equal(await listed("recent").count(), 0);
    await page.getByRole("button", { name: /^删除 乡村振兴/ }).click();
    assert.equal(await listed("saved").count(), 0);
  });
});

test("a query that cannot be read shows where it breaks", async () => {
  const options = { allowed: ["400"] };
  await visit("/search?q=(乡村 AND 振兴", options, async (page) => {
    assert.equal(await page.getByRole("alert").locator("mark").textContent(), "(");
    assert.match(await page.getByRole("alert").textContent(), /括号/);
    assert.equal(await page.locator("#q").inputValue(), "(乡村 AND 振兴");
  });
});

test("where nothing is found the page says what to try", async () => {
  await visit("/search?q=“量子纠缠”&level=县", {}, async (page) => {
    await page.getByRole("heading", { name: "没有找到" }).waitFor();
    await page.getByRole("link", { name: "去掉全部筛选" }).click();
    await page.waitForURL((url) => !url.href.includes("level"));
  });
});

test("what there is not is said as a page", async () => {
  const options = { allowed: ["404", "400"] };
  await visit("/report/0000000000000000", options, async (page) => {
    assert.match(await page.getByRole("alert").textContent(), /没有编号为/);
    for (const path of ["/nowhere", "/search?colour=red", "/passage/x"]) {
      const response = await page.goto(path);
      assert.ok(response.status() >= 400 && response.status() < 500, path);
      assert.ok(await page.getByRole("alert").isVisible(), path);
    }
  });
});

test("search, facets, years and reading work without scripts", async () => {
  await visit("/", { javaScriptEnabled: false }, async (page) => {
    await page.getByRole("searchbox").fill("乡村振兴");
    await page.getByRole("button", { name: "搜索" }).click();
    assert.equal(await page.locator(".hit").count(), 10);
    await option(page, "level", "县").click();
    await option(page, "level", "市").click();
    assert.equal(await page.locator(".chip").count(), 2);
    await page.locator('.years a[data-year="2023"]').click();
    assert.equal(await page.locator(".chip").count(), 3);
    await page.getByLabel("从哪一年").fill("2022");
    await page.getByRole("button", { name: "确定" }).click();
    assert.ok(address(page).includes("report_year=2022..2023"));
    assert.equal(await page.locator(".chip").count(), 3);
    await page.locator(".hit h2 a").first().click();
    assert.ok((await page.locator(".paper mark").count()) > 0);
    assert.ok((await page.locator(".passage:target").count()) === 1);
    await page.locator(".outline a[href^='#']").last().click();
    await page.getByRole("link", { name: "返回结果" }).click();
    assert.equal(await page.locator(".chip").count(), 3);
    for (const control of await page.locator("[data-do]").all()) {
      assert.equal(await control.isVisible(), false, "a control that needs scripts is shown");
    }
  });
});

test("English where the browser asks for it, and by the switch", async () => {
  await visit("/search?q=乡村振兴", { locale: "en-US" }, async (page) => {
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.ok(await page.getByRole("button", { name: "Search", exact: true }).isVisible());
    assert.match(await page.locator(".totals").textContent(), /passages .*in \d+ reports/);
    await page.getByRole("link", { name: "中文" }).click();
    await arrives(page, "lang=zh");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
    await page.locator(".hit h2 a").first().click();
    await arrives(page, "/report/");
    assert.ok(address(page).includes("lang=zh"), "the choice goes along");
  });
});

test("the first page tells what there is", async () => {
  await visit("/", {}, async (page) => {
    assert.match(await page.locator(".lead").textContent(), /[\d,]+ 份报告/);
    for (const example of await page.locator(".examples a").all()) {
      const path = await example.getAttribute("href");
      assert.equal((await page.request.get(base + path)).status(), 200, path);
    }
    await page.goto("/help");
    for (const row of await page.locator("tbody a").all()) {
      const path = await row.getAttribute("href");
      assert.equal((await page.request.get(base + path)).status(), 200, path);
    }
  });
});

test("in English, values of closed vocabularies have English names and keep their address", async () => {
  await visit("/search?q=乡村振兴&lang=en", {}, async (page) => {
    const problems = page.locator('.pick[data-key="存在问题"]');
    assert.match(await problems.innerText(), /problems\s+存在问题/);
    await problems.click();
    await page.locator(".chip", { hasText: "Section problems" }).waitFor();
    assert.match(decodeURIComponent(page.url()), /=存在问题/);
    assert.match(await page.locator(".hit").first().innerText(), /problems 20\d\d/);
  });
});

test("words that stand nowhere lead on", async () => {
  await visit("/kwic?q=量子纠缠", {}, async (page) => {
    await page.getByRole("link", { name: "按词检索段落" }).click();
    await arrives(page, "/search?q=量子纠缠");
  });
  await visit("/trend?q=量子纠缠", {}, async (page) => {
    assert.equal(await page.locator(".chart").count(), 0);
    assert.match(await page.locator(".legend").innerText(), /0 次/);
  });
});
