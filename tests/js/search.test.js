import test from "node:test";
import assert from "node:assert/strict";
import { Index, fold } from "../../kg/explorer/assets/js/search.js";

const NAMES = ["柳溪纸业集团", "柳溪镇", "重庆风能公司", "柳溪大桥工程", "工程", "ABC 公司"];
const PINYIN = [
  "liu xi zhi ye ji tuan",
  "liu xi zhen",
  "chong qing feng neng gong si",
  "liu xi da qiao gong cheng",
  "gong cheng",
  "a b c gong si",
];
const store = {
  size: NAMES.length,
  entities: NAMES.length,
  names: NAMES,
  pinyin: PINYIN,
  aliases: { 0: ["LXZY", "纸业"] },
  aliasPinyin: { 0: ["", "zhi ye"] },
  score: [50, 90, 20, 30, 5, 1],
  isFigure: () => false,
  aliasesOf: (n) => store.aliases[n] || [],
};
const index = new Index(store);
const found = (query, limit) => index.find(query, limit).map((n) => NAMES[n]);

test("whole names first, then beginnings, then inside, by weight", () => {
  assert.deepEqual(found("工程"), ["工程", "柳溪大桥工程"]);
  assert.deepEqual(found("柳溪"), ["柳溪镇", "柳溪纸业集团", "柳溪大桥工程"]);
  assert.deepEqual(found("柳溪", 1), ["柳溪镇"]);
});

test("aliases, full pinyin and initials, whatever the case and spaces", () => {
  assert.deepEqual(found("lxzy"), ["柳溪纸业集团"]);
  assert.deepEqual(found("Liu Xi Da"), ["柳溪大桥工程"]);
  assert.deepEqual(found("cqfn"), ["重庆风能公司"]);
  assert.equal(index.alias(0, "lxzy"), "LXZY");
  assert.equal(index.alias(0, "柳溪"), "");
});

test("nothing for nothing, and no match across two names", () => {
  assert.deepEqual(found("  "), []);
  assert.deepEqual(found("集团柳"), []);
  assert.deepEqual(found("\u0001"), []);
  assert.equal(fold(" “柳 溪” "), "柳溪");
});

test("a filter limits what is found", () => {
  assert.deepEqual(
    index.find("柳溪", 5, (n) => n === 3),
    [3],
  );
});
