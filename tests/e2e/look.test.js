// How it looks and to whom: phones, dark rooms, paper, assistive technology.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { address, arrives, useBrowser, visit } from "./browser.js";

useBrowser();

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Opens a report by way of a search, since ids are not known beforehand. */
async function openReport(page) {
  await page.goto("/search?q=乡村振兴");
  await page.locator(".hit h2 a").first().click();
  await arrives(page, "/report/");
}

const VIEWS = {
  "first page": "/",
  help: "/help",
  hits: "/search?q=乡村振兴&level=县&level=!市&report_year=2022..2024",
  "reports only": "/search?q=卫健委&group_by_report=true",
  "nothing found": "/search?q=“量子纠缠”",
  "unreadable query": "/search?q=(乡村",
  report: openReport,
  "similar wordings": "/similar?text=新建高标准农田5.4万亩，粮食总产60.7万吨。",
  "wording form": "/similar",
  trend: "/trend?q=乡村振兴 家庭医生",
  context: "/kwic?q=乡村振兴",
};

async function open(page, view) {
  if (typeof view === "string") await page.goto(view);
  else await view(page);
}

for (const [name, view] of Object.entries(VIEWS)) {
  test(`axe finds nothing serious: ${name}`, async () => {
    await visit("/", { allowed: ["400"] }, async (page) => {
      await open(page, view);
      await page.evaluate(axe);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const { violations, passes } = await page.evaluate(() =>
          window.axe.run({
            resultTypes: ["violations"],
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }),
        );
        assert.ok(passes.length > 10);
        const serious = violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
        assert.deepEqual(serious, [], colorScheme);
      }
    });
  });
}

test("nothing is wider than a phone", async () => {
  await visit("/", { ...phone, allowed: ["400"] }, async (page) => {
    for (const [name, view] of Object.entries(VIEWS)) {
      await open(page, view);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(wide <= 0, `${name} is ${wide} pixels too wide`);
    }
  });
});

test("on a phone filters are a sheet of their own", async () => {
  await visit("/search?q=乡村振兴", phone, async (page) => {
    const county = page.locator('.pick[data-key="县"]');
    assert.equal(await county.isVisible(), false);
    await page.getByRole("link", { name: "筛选" }).tap();
    await county.tap();
    await arrives(page, "level=县");
    assert.ok(await county.isVisible(), "the sheet stays open for the next choice");
    await page.getByRole("link", { name: "完成" }).tap();
    assert.equal(await county.isVisible(), false);
    assert.ok(await page.locator(".hit").first().isVisible());
  });
});

test("dark where the system is dark, or as chosen", async () => {
  const paper = (page) => page.evaluate(() => getComputedStyle(document.body.parentElement).backgroundColor);
  const brightness = async (page) => {
    const [red, green, blue] = (await paper(page)).match(/\d+/g).map(Number);
    return red + green + blue;
  };
  await visit("/search?q=乡村振兴", { colorScheme: "dark" }, async (page) => {
    assert.ok((await brightness(page)) < 150);
    await page.getByRole("button", { name: "明暗" }).click();
    assert.ok((await brightness(page)) > 600);
    await page.reload();
    assert.ok((await brightness(page)) > 600, "the choice is kept");
    await page.getByRole("button", { name: "明暗" }).click();
    assert.ok((await brightness(page)) < 150);
  });
});

test("on paper stands what is read, and nothing to click", async () => {
  await visit("/", {}, async (page) => {
    await openReport(page);
    await page.emulateMedia({ media: "print" });
    for (const gone of [".top", ".outline", ".steps", ".within"]) {
      assert.equal(await page.locator(gone).isVisible(), false, gone);
    }
    assert.ok(await page.locator(".paper h1").isVisible());
  });
});

test("the page can be used by keyboard alone", async () => {
  await visit("/search?q=乡村振兴", {}, async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    assert.ok(address(page).endsWith("#main"));
    const pick = page.locator('.pick[data-key="县"]');
    await pick.focus();
    await page.keyboard.press("Enter");
    await arrives(page, "level=县");
    await page.locator('.pick[data-key="县"][aria-current="true"]').waitFor();
    const focused = await page.evaluate(() => document.activeElement.dataset.key);
    assert.equal(focused, "县", "the focus stays on what was chosen");
  });
});
