import test from "node:test";
import assert from "node:assert/strict";
import { emptyState, readHash, writeHash } from "../../kg/explorer/assets/js/state.js";
import { Plane, box, placeNew } from "../../kg/explorer/assets/js/layout.js";
import { Store } from "../../kg/explorer/assets/js/store.js";
import { Scene } from "../../kg/explorer/assets/js/scene.js";
import { common, shortest } from "../../kg/explorer/assets/js/paths.js";
import { passing } from "../../kg/explorer/assets/js/filters.js";

/** A town (0) with a program (1) that another town (2) runs too, a project (3), a figure (4), an article (5). */
const core = {
  ids: ["area/甲,镇", "program/x&y", "area/乙", "project/p#1", "figure/1", "document/1"],
  names: ["甲镇", "行动", "乙镇", "大桥", "投资 3亿元", "文章"],
  types: [0, 1, 0, 2, 3, 4],
  typeNames: ["AdministrativeArea", "Program", "Project", "Figure", "Document"],
  predicateNames: ["runs", "locatedIn", "figureOf", "mentions"],
  statusNames: ["", "planned", "completed"],
  source: [0, 2, 3, 4, 5, 5],
  target: [1, 1, 0, 3, 3, 0],
  predicate: [0, 0, 1, 2, 3, 3],
  edgeStatus: {},
  home: [0, 0, 2, 0, 0, 0],
  parent: [-1, -1, -1, -1, -1, -1],
  status: [0, 0, 0, 2, 0, 0],
  amount: [0, 0, 0, 3e8, 3e8, 0],
  score: [9, 8, 7, 6, 0, 0],
  years: [[2024], [2024], [2023], [2024], [2024], [2024]],
  aliases: {},
  entities: 4,
  figureStart: 4,
  documentStart: 5,
  figures: {},
  documents: {},
};
const store = new Store(structuredClone(core), { types: core.typeNames.map((name) => ({ name })) }, async () => null);

test("an address and a state are one thing said twice", () => {
  const state = {
    ...emptyState(),
    view: "projects",
    base: ["ego", 3, 2],
    steps: [["expand", 0], ["open", 0, "Project"], ["more"], ["hide", 1], ["pin", 3, -12, 40], ["unpin", 3]],
    focus: 2,
    filters: { types: [1, 2], area: 0, years: [2023, 2024], statuses: [2], amount: [1000, 500000000], document: 5 },
  };
  assert.deepEqual(readHash(writeHash(state, store), store), state);
  assert.equal(writeHash(emptyState(), store), "");
});

test("what an address does not know is left out", () => {
  assert.deepEqual(readHash("#view=nonsense&focus=gone&hide=gone&years=a-b&%E0=1&area", store), {
    ...emptyState(),
    focus: null,
  });
});

test("filters", () => {
  const pass = (filters) => [...(passing(store, { ...emptyState().filters, ...filters }) || [])];
  assert.deepEqual(pass({}), []);
  assert.deepEqual(pass({ types: [2] }), [0, 0, 0, 1, 1, 1]);
  assert.deepEqual(pass({ years: [2023, 2023] }), [0, 0, 1, 0, 0, 0]);
  assert.deepEqual(pass({ area: 0 }).slice(0, 4), [1, 1, 0, 1]);
  assert.deepEqual(pass({ amount: [1e8, 1e9], statuses: [2] }).slice(0, 4), [0, 0, 0, 1]);
  assert.deepEqual(pass({ document: 5 }).slice(0, 4), [1, 0, 0, 1]);
});

test("paths and what two nodes share", () => {
  assert.deepEqual(shortest(store, 3, 2), [3, 0, 1, 2]);
  assert.deepEqual(shortest(store, 5, 3), [5, 3]);
  assert.deepEqual(common(store, 0, 2), [1]);
});

test("what one article names is not shared by all it names", () => {
  const names = ["甲企业", "乙企业", "丙园", "文一", "文二", "文三"];
  const named = (mentions) =>
    new Store(
      {
        ...structuredClone(core),
        ids: names,
        names,
        types: [1, 1, 1, 4, 4, 4],
        source: mentions.map(([d]) => d),
        target: mentions.map(([, n]) => n),
        predicate: mentions.map(() => 3),
        home: names.map(() => -1),
        parent: names.map(() => -1),
        entities: 3,
        figureStart: 3,
        documentStart: 3,
      },
      { types: [] },
    );
  const together = [
    [3, 0],
    [3, 1],
    [3, 2],
  ];
  const apart = [
    [4, 0],
    [4, 2],
    [5, 1],
    [5, 2],
  ];
  assert.deepEqual(common(named(together), 0, 1), []);
  assert.deepEqual(shortest(named(together), 0, 1), [0, 3, 1]);
  assert.deepEqual(common(named(apart), 0, 1), [2]);
  assert.deepEqual(common(named([...together, ...apart]), 0, 1), [2]);
});

test("steps of a scene add and take away, and filters hold for what is added", () => {
  const scene = new Scene(store, null, null);
  scene.base(["ego", 1, 1]);
  assert.deepEqual([...scene.nodes.keys()], ["n1", "n0", "n2"]);
  scene.step(["expand", 0]);
  scene.step(["hide", 2]);
  scene.finish(false);
  assert.deepEqual(
    [...scene.nodes.keys()].filter((k) => k.startsWith("n")),
    ["n1", "n0", "n3"],
  );
  const filtered = new Scene(store, null, Uint8Array.from([0, 1, 0, 0, 0, 0]));
  filtered.base(["ego", 0, 1]);
  assert.deepEqual([...filtered.nodes.keys()], ["n0", "n1"]);
});

test("new nodes find free places and old ones stay", () => {
  const node = (i) => ({ key: "n" + i, label: "标签".repeat((i % 4) + 1), r: 12, anchor: i ? "n0" : undefined });
  const places = placeNew([node(0)], new Map());
  const before = { ...places.get("n0") };
  const nodes = Array.from({ length: 60 }, (_, i) => node(i));
  placeNew(nodes, places);
  assert.deepEqual(places.get("n0"), before);
  for (const a of nodes) {
    for (const b of nodes) {
      if (a.key >= b.key) continue;
      const [p, q, m, n] = [places.get(a.key), places.get(b.key), box(a), box(b)];
      const apart =
        Math.abs(p.x - q.x) >= m.half + n.half || p.y - m.above >= q.y + n.below || q.y - n.above >= p.y + m.below;
      assert.ok(apart, `${a.key} lies over ${b.key}`);
    }
  }
  assert.ok(new Plane().free(0, 0, box(node(1))));
});
