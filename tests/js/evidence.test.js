import test from "node:test";
import assert from "node:assert/strict";
import { around } from "../../kg/explorer/assets/js/evidence.js";

/** The sentence around `name` in `text`. */
function sentence(text, name) {
  const letters = Array.from(text);
  const start = Array.from(text.slice(0, text.indexOf(name))).length;
  return around(letters, start, start + Array.from(name).length).quote;
}

test("a sentence goes on over the ends of printed lines, and stops at paragraphs", () => {
  const text = "标题一行\n\n平台先后建成。瑞丰化学年产8万\n吨环氧氯丙烷等项\n目竣工投产。达产后添产值。\n　　下一段";
  assert.equal(sentence(text, "瑞丰化学"), "瑞丰化学年产8万\n吨环氧氯丙烷等项\n目竣工投产。");
  assert.equal(sentence(text, "标题"), "标题一行\n");
  assert.equal(sentence(text, "下一段"), "　　下一段");
});

test("a closing quotation mark belongs to the sentence before it", () => {
  const text = "他说:“村里变了。”柳溪镇推行清风行动(试点。)此后铺开。";
  assert.equal(sentence(text, "清风行动"), "柳溪镇推行清风行动(试点。)");
  assert.equal(sentence(text, "变了"), "他说:“村里变了。”");
  assert.equal(sentence(text, "铺开"), "此后铺开。");
});

test("what is cut off is marked", () => {
  const long = "甲".repeat(200);
  assert.equal(sentence(long + "柳溪镇" + long, "柳溪镇"), `…${"甲".repeat(120)}柳溪镇${"甲".repeat(121)}…`);
  assert.equal(sentence("柳溪镇" + long, "柳溪镇").at(0), "柳");
  assert.equal(around([], 0, 0), null);
});
