// Writes documents that try to be markup in every field that a page shows.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const attack = (place) => `<img src=x onerror="hacked('${place}')">`;

mkdirSync(folder, { recursive: true });

const record = {
  id: `r1" onmouseover="hacked('id')`,
  title: `${attack("title")}政府工作报告`,
  text: `一、${attack("heading")}\n各项工作${attack("text")}稳步推进，攻击样本甲。\n</p></article><script>hacked('script')</script>攻击样本乙。`,
  agency: `${attack("agency")}局`,
  region: `${attack("region")}省/"><svg onload=hacked('city')>市`,
  year: 2023,
};
const copy = { ...record, id: "r2", text: record.text.replaceAll("稳步推进", "全面推进") };
writeFileSync(
  join(folder, `'"><svg onload=hacked(1)>.jsonl`),
  [record, copy].map((one) => JSON.stringify(one)).join("\n") + "\n",
);
