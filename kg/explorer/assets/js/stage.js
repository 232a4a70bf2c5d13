// Puts the scene of the state on the canvas: what is shown, and where.
import { showCrumbs, showDock, showParallel } from "./dock.js";
import { announce } from "./dom.js";
import { giveWay, packStars, placeNew } from "./layout.js";
import { Scene } from "./scene.js";
import { label, t } from "./text.js";

/**
 * Replays the state's steps one after the other from the base. Places come out the same each time, so nothing jumps
 * when a step is added, and a restored link gives the places it was made with.
 */
export function showScene(app, refit) {
  const { state } = app;
  const scene = new Scene(app.store, app.first, app.pass);
  const base = JSON.stringify([state.base, app.passKey]);
  const overview = state.base[0] === "overview";
  if (app.baseKey !== base) {
    refit = refit || app.baseKey !== undefined;
    app.baseKey = base;
  }
  app.places = overview && !app.pass ? firstPlaces(app) : new Map();
  scene.base(state.base);
  const pins = new Map();
  settle(app, scene, overview);
  for (const step of state.steps) {
    if (step[0] === "pin") {
      pins.set("n" + step[1], { x: step[2], y: step[3] });
      scene.add(step[1], undefined, true);
      app.places.set("n" + step[1], pins.get("n" + step[1]));
    } else if (step[0] === "unpin") pins.delete("n" + step[1]);
    else scene.step(step);
    if (step[0] === "hide") app.places.delete("n" + step[1]);
    settle(app, scene, overview);
  }
  scene.finish(overview);
  giveWay([...scene.nodes.values()], app.places);
  const rest = scene.nodes.get("c");
  if (rest && !app.places.has("c")) placeBelow(app, rest);
  placeNew([...scene.nodes.values()], app.places);
  for (const [key, node] of scene.nodes) {
    node.caption = node.cluster === undefined ? "" : scene.caption(node, t, label);
    node.pinned = pins.has(key);
  }
  const before = app.scene;
  app.scene = scene;
  app.canvas.places = app.places;
  const edges = scene.edges.map((e) => ({
    ...e,
    predicate: e.edge === undefined ? "" : app.store.predicateName(e.edge),
  }));
  app.canvas.show(scene.nodes, edges, app.places);
  app.canvas.select(state.focus === null ? null : "n" + state.focus, app.picking === null ? null : "n" + app.picking);
  showDock(app);
  showCrumbs(app); // before fitting, which leaves it room
  if (refit) app.canvas.fit(null, true, overview);
  else if (before) app.canvas.bringIn([...scene.nodes.keys()].filter((key) => !before.nodes.has(key)));
  if (scene.full) announce(t("full", { n: scene.nodes.size }));
  showParallel(app);
}

function placeBelow(app, node) {
  const all = [...app.places.values()];
  const xs = all.map((p) => p.x);
  Object.assign(node, {
    wantX: all.length ? (Math.min(...xs) + Math.max(...xs)) / 2 : 0,
    wantY: Math.max(0, ...all.map((p) => p.y)) + 110,
  });
}

/** Areas that are added to an overview stand in rows below it, with room for their clusters. */
function rowsBelow(scene, places) {
  const fresh = [...scene.nodes.values()].filter((n) => n.below && !places.has(n.key));
  if (!fresh.length || !places.size) return;
  const all = [...places.values()];
  const left = Math.min(...all.map((p) => p.x));
  const columns = Math.max(2, Math.floor((Math.max(...all.map((p) => p.x)) - left) / 210) + 1);
  const bottom = Math.max(...all.map((p) => p.y)) + 150;
  fresh.forEach((node, i) => {
    Object.assign(node, { wantX: left + (i % columns) * 210, wantY: bottom + Math.floor(i / columns) * 130 });
  });
}

function settle(app, scene, overview) {
  if (overview && app.pass) starPlaces(app, scene);
  rowsBelow(scene, app.places);
  placeNew([...scene.nodes.values()], app.places);
}

/** A filtered overview from scratch: each area with its members as a star, the stars in rows. */
function starPlaces(app, scene) {
  const hubs = scene.hubs.map((h) => scene.nodes.get("n" + h)).filter((hub) => hub && !app.places.has(hub.key));
  const members = (hub) => [...scene.nodes.values()].filter((n) => n.anchor === hub.key);
  if (hubs.length === scene.hubs.length)
    packStars(
      hubs.map((hub) => [hub, members(hub)]),
      app.places,
    );
}

/** The places that Python gave the opening scene: for a wide window, a middling or a tall one. */
export function firstPlaces(app) {
  const places = innerWidth < 700 ? "tall" : innerWidth < 1300 ? "mid" : "";
  return new Map(
    app.first.nodes.map((n) => [n.id, places ? { x: n[places][0], y: n[places][1] } : { x: n.x, y: n.y }]),
  );
}
