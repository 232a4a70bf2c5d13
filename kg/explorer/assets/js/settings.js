// Language and theme: chosen by the reader or the system, kept where the browser allows.
import { byId } from "./dom.js";
import { lang, t, visible } from "./text.js";

export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
}

export function setTheme(app, theme, save = true) {
  document.documentElement.dataset.theme = theme;
  if (save) remember("kg-theme", theme);
  document.documentElement.dataset.mode = isDark() ? "dark" : "light";
  if (app.canvas) app.canvas.setTheme(isDark());
}

export function nextTheme(app) {
  setTheme(app, isDark() ? "light" : "dark");
}

export function translate(app) {
  document.documentElement.lang = lang() === "zh" ? "zh-Hans" : "en";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) {
    node.setAttribute("aria-label", t(node.dataset.label));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.label);
  }
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = t(node.dataset.placeholder);
  byId("language").textContent = lang() === "zh" ? "EN" : "中文";
  byId("language").lang = lang() === "zh" ? "en" : "zh-Hans";
  const { counts } = app.meta;
  const years = counts.dates;
  const dated = counts.latest
    ? t("upTo", { date: counts.latest })
    : years.length > 1
      ? t("dated", { from: years[0], to: years[years.length - 1] })
      : years.length
        ? t("datedOne", { from: years[0] })
        : "";
  byId("subtitle").textContent = [t("subtitle", counts), visible(dated)].filter(Boolean).join(" · ");
  app.showTabs();
}

/** A setting kept in the browser, where the browser allows that. */
export function remember(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    // Frames and private windows may have no storage.
  }
  return null;
}
