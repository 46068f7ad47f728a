// Reading and looking closer: a report, a passage with its source, words through the years.

import assert from "node:assert/strict";
import { test } from "node:test";

import { address, arrives, base, useBrowser, visit } from "./browser.js";

useBrowser();

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };
const pasted = (page) => page.evaluate(() => navigator.clipboard.readText());

test("a hit opens in its report, at its place, with every match marked", async () => {
  await visit("/search?q=乡村&region=江苏省/淮安市/云溪县", {}, async (page) => {
    const hit = page.locator(".hit").first();
    const id = await hit.getAttribute("id");
    await hit.locator("h2 a").click();
    await arrives(page, `#${id}`);
    const passage = page.locator(".passage:target");
    assert.equal(await passage.getAttribute("id"), id);
    assert.ok(await passage.isVisible());
    const box = await passage.boundingBox();
    assert.ok(box.y > 60 && box.y < 900, `the passage is in view, not under the header: ${box.y}`);

    const marks = await page.locator(".paper mark").count();
    const counted = await page.locator(".steps").textContent();
    assert.ok(marks > 1 && counted.includes(`/ ${marks}`), counted);
    const at = async () => page.locator("[data-at]").textContent();
    const start = Number(await at());
    assert.ok(start >= 1);
    await page.keyboard.press("n");
    assert.equal(Number(await at()), (start % marks) + 1);
    await page.getByRole("button", { name: "上一处" }).click();
    assert.equal(Number(await at()), start);
    assert.equal(await page.locator("mark.at").count(), 1);
  });
});

test("the outline leads through the report and keeps up", async () => {
  await visit("/search?q=title:云溪县 2024年", {}, async (page) => {
    await page.locator(".hit h2 a").first().click();
    await arrives(page, "/report/");
    const entries = page.locator(".outline li a");
    assert.ok((await entries.count()) > 5);
    const last = entries.last();
    await last.click();
    const id = (await last.getAttribute("href")).slice(1);
    assert.ok(await page.locator(`[id="${id}"]`).isVisible());
    await page.locator('.outline a[aria-current="true"]').waitFor();
  });
});

test("words are found within the report", async () => {
  await visit("/search?q=title:云溪县 2024年", {}, async (page) => {
    await page.locator(".hit h2 a").first().click();
    const box = page.getByRole("searchbox", { name: "在本报告中查找" });
    await box.fill("高标准农田");
    await box.press("Enter");
    await arrives(page, "q=高标准农田");
    assert.ok(address(page).startsWith("/report/"));
    const marks = await page.locator(".paper mark").allTextContents();
    assert.ok(marks.length > 0 && marks.every((mark) => mark === "高标准农田"), marks.join());
  });
});

test("a passage is copied with its source, from a hit and from a report", async () => {
  // A copy without a title has the figure blacked out.
  const query = "“云溪香米”%20AND%20“衔接资金1.2亿元”";
  await visit(`/search?q=${query}&report_year=2024`, clipboard, async (page) => {
    const hit = page.locator(".hit").first();
    await hit.getByRole("button", { name: "复制引文" }).click();
    await hit.getByRole("button", { name: "已复制" }).waitFor();
    const copied = await pasted(page);
    assert.match(copied, /云溪香米/);
    assert.match(copied, /（.*云溪县人民政府：《.+》，2024-01-11，“.+”部分，.+政府工作报告\.txt:\d+）$/);
    assert.ok(!copied.includes("…"), "the whole passage, not its excerpt");

    await hit.focus();
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await page.keyboard.press("c");
    await page.getByRole("button", { name: "已复制" }).waitFor();
    assert.equal(await pasted(page), copied);

    await hit.locator("h2 a").click();
    await page.locator(".passage:target").hover();
    await page.locator(".passage:target").getByRole("button", { name: "复制引文" }).click();
    await page.getByRole("button", { name: "已复制" }).waitFor();
    assert.equal(await pasted(page), copied);
  });
});

test("copying works on an intranet without TLS", async () => {
  await visit("/", clipboard, async (page) => {
    await page.addInitScript(() => {
      window.clipboardOfTheTest = navigator.clipboard;
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    await page.goto("/search?q=乡村振兴");
    await page.getByRole("button", { name: "复制引文" }).first().click();
    await page.getByRole("button", { name: "已复制" }).waitFor();
    const copied = await page.evaluate(() => window.clipboardOfTheTest.readText());
    assert.match(copied, /《.+》.*）$/);
  });
});

test("a passage has an address of its own", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    const id = (await page.locator(".hit").first().getAttribute("id")).slice(2);
    await page.goto(`/passage/${id}`);
    assert.ok(address(page).startsWith("/report/"));
    assert.ok(await page.locator(`.passage[id="p-${id}"]`).isVisible());
  });
});

test("a pasted wording is found where it stands", async () => {
  await visit("/similar", {}, async (page) => {
    const wording = "新建高标准农田5.4万亩，粮食总产60.7万吨。农产品加工转化率提高到63%";
    await page.getByLabel("要找出处的文字").fill(wording);
    await page.getByRole("button", { name: "查找" }).click();
    await arrives(page, "text=");
    const first = page.locator(".hit").first();
    assert.match(await first.locator("h2").textContent(), /2024年.*云溪县/);
    assert.match(await first.locator(".remark").textContent(), /重合 \d+%/);
  });
});

test("a trend is a chart with a table, and its numbers lead to their passages", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    await page.getByRole("link", { name: "趋势" }).click();
    await arrives(page, "/trend?q=乡村振兴");
    assert.equal(await page.locator(".chart .line").count(), 1);
    const years = await page.locator(".numbers tbody th").allTextContents();
    assert.deepEqual(years, [...years].sort().reverse());

    const box = page.getByRole("searchbox", { name: "要统计的词" });
    await box.fill("乡村振兴 家庭医生");
    await box.press("Enter");
    await page.locator(".legend li").nth(1).waitFor();
    await page.getByRole("link", { name: "次数" }).click();
    await arrives(page, "rate=occurrences");

    const link = page.locator(".numbers td a").first();
    const times = Number((await link.textContent()).replaceAll(",", ""));
    await link.click();
    await arrives(page, "/search?");
    assert.ok(address(page).includes("report_year="));
    await page.goto(page.url() + "&mode=verbatim&fold=false");
    const marks = await page.evaluate(async () => {
      let marks = 0;
      for (let url = location.href; url; ) {
        const text = await (await fetch(url)).text();
        const shown = new DOMParser().parseFromString(text, "text/html");
        for (const hit of shown.querySelectorAll(".hit")) {
          marks += hit.querySelector("[data-text]").querySelectorAll("mark").length;
        }
        url = shown.querySelector('.pages a[rel="next"]')?.href;
      }
      return marks;
    });
    assert.equal(marks, times, "the table's number is that of the marks behind it");
  });
});

test("words stand below each other in their context", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    await page.getByRole("link", { name: "语境" }).click();
    await arrives(page, "/kwic?q=乡村振兴");
    const keys = await page.locator(".kwic .key").allTextContents();
    assert.ok(keys.length > 10 && keys.every((key) => /[乡鄉]村振[兴興]/.test(key)));
    const edges = await page
      .locator(".kwic .key")
      .evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().left)));
    assert.equal(new Set(edges).size, 1, "keywords line up");
    await page.getByRole("link", { name: "按左边" }).click();
    await arrives(page, "order=left");
    await page.locator(".kwic .key a").first().click();
    await arrives(page, "/report/");
  });
});

test("what is shown can be taken along", async () => {
  const views = ["search?q=乡村振兴", "trend?q=乡村振兴", "kwic?q=乡村振兴"];
  await visit("/", {}, async (page) => {
    for (const view of views) {
      await page.goto(`/${view}`);
      for (const kind of ["CSV", "XLSX"]) {
        const path = await page.getByRole("link", { name: kind, exact: true }).getAttribute("href");
        const response = await page.request.get(base + path);
        assert.equal(response.status(), 200, path);
        const body = await response.body();
        const start = body.subarray(0, 3).toString("latin1");
        assert.equal(start, kind === "CSV" ? "\xef\xbb\xbf" : "PK\x03", path);
        if (kind === "CSV") assert.match(body.toString(), /乡村振兴/);
      }
    }
  });
});
