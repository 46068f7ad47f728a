// Pages for tests: each in a context of its own, watched for errors and for what it fetches.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { chromium } from "playwright-core";

/** Where the server listens, with the documents of `data_samples` and `hostile.js`. */
export const base = process.env.ZHENGSOU_URL;
assert.ok(base, "ZHENGSOU_URL is not set: run tests/e2e/run.sh");

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
let browser;

/** Starts the browser for the tests of one file. */
export function useBrowser() {
  before(async () => {
    // CI runs as root, where the sandbox cannot start; nothing but our own pages is opened.
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  after(() => browser?.close());
}

/**
 * Opens a path, runs the steps, and fails if the page reported an error, broke its own policy, or
 * asked another server for anything.
 */
export async function visit(path, options, steps) {
  const { allowed = [], ...context } = options;
  const opened = await browser.newContext({
    baseURL: base,
    locale: "zh-CN",
    viewport: { width: 1360, height: 900 },
    ...context,
  });
  opened.setDefaultTimeout(10_000);
  const faults = [];
  const page = await opened.newPage();
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !allowed.some((known) => text.includes(known))) {
      faults.push(`console: ${text}`);
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("data:")) faults.push(`fetched ${url}`);
  });
  try {
    await page.goto(path);
    await steps(page);
    assert.deepEqual(faults, []);
  } finally {
    await opened.close();
  }
}

/** Returns the address without the server. */
export function address(page) {
  return decodeURIComponent(page.url().slice(base.length));
}

/** Waits until the address holds some text. */
export async function arrives(page, text) {
  await page.waitForURL((url) => decodeURIComponent(url.href).includes(text));
}

/** Returns the number at the end of a text: `教育局 12`. */
export function countOf(text) {
  return Number(text.trim().match(/[\d,]+$/)[0].replaceAll(",", ""));
}
