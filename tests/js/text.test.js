import test from "node:test";
import assert from "node:assert/strict";
import {
  money,
  oneLine,
  period,
  setLanguage,
  setStrings,
  t,
  visible,
  width,
  wrap,
} from "../../kg/explorer/assets/js/text.js";
import { guard } from "../../kg/explorer/assets/js/columns.js";
import { quoteCell } from "../../kg/explorer/assets/js/takeaway.js";
import { literalCases } from "./cases.js";

test("characters that act on what is around them are made visible", () => {
  for (const [text, shown] of literalCases) assert.equal(visible(text), shown);
});

test("wraps inside Chinese text fall away, others are spaces", () => {
  assert.equal(oneLine("全\n面 展\n　　开"), "全面 展开");
  assert.equal(oneLine("2024\n年  A\nB"), "2024 年 A B");
});

test("money in the reader's units", () => {
  setLanguage("zh");
  assert.deepEqual([0, 950, 32000, 1.25e9].map(money), ["", "950元", "3.2万元", "12.5亿元"]);
  setLanguage("en");
  assert.deepEqual([950, 32000, 1.25e9].map(money), ["¥950", "¥32k", "¥1.25bn"]);
});

test("periods", () => {
  setLanguage("zh");
  assert.equal(period("2024-01/2024-06"), "2024年1–6月");
  assert.equal(period("2023"), "2023年");
  assert.equal(period("2022-11/2023-02"), "2022年11月–2023年2月");
  assert.equal(period("去年"), "去年");
  assert.equal(period(""), "");
});

test("strings in two languages with values filled in", () => {
  setStrings({ n: ["{n} 个", "{n} of them"] });
  setLanguage("zh");
  assert.equal(t("n", { n: 3 }), "3 个");
  setLanguage("en");
  assert.equal(t("n", { n: 3 }), "3 of them");
  assert.equal(t("missing"), "missing");
});

test("labels wrap as in layout.py", () => {
  assert.deepEqual(wrap("柳溪大桥工程"), ["柳溪大桥工程"]);
  assert.equal(wrap("年产3万吨生物质模塑餐具").join(""), "年产3万吨生物质模塑餐具");
  assert.ok(wrap("一".repeat(40))[1].endsWith("…"));
  assert.equal(width("区A"), 1.56);
});

test("cells that a spreadsheet would run are text, numbers stay numbers", () => {
  assert.equal(guard("=1+1"), "'=1+1");
  assert.equal(guard("-8.5"), "-8.5");
  assert.equal(guard("-cmd"), "'-cmd");
  assert.equal(quoteCell('a,"b"'), '"a,""b"""');
});
