// The linter of the explorer's modules: ESLint's recommended rules, and no way to make markup from strings.
import js from "@eslint/js";

const markup = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"].map((property) => ({
  property,
  message: "Text from the graph goes in as text: use el() or textContent.",
}));

const browser = Object.fromEntries(
  [
    "document",
    "window",
    "location",
    "history",
    "navigator",
    "matchMedia",
    "localStorage",
    "innerWidth",
    "addEventListener",
    "setTimeout",
    "clearTimeout",
    "queueMicrotask",
    "performance",
    "atob",
    "Blob",
    "Response",
    "DecompressionStream",
    "URL",
    "Image",
    "XMLSerializer",
    "Intl",
  ].map((name) => [name, "readonly"]),
);

export default [
  { ignores: [".venv/", "exports/", "node_modules/"] },
  js.configs.recommended,
  {
    files: ["kg/explorer/assets/js/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: browser },
    rules: {
      "no-restricted-properties": ["error", ...markup],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-var": "error",
      "prefer-const": "error",
      eqeqeq: "error",
      "no-shadow": ["error", { allow: ["name", "t"] }],
      "max-lines": ["error", 420],
    },
  },
  {
    files: ["tests/js/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: { ...browser, structuredClone: "readonly" } },
  },
];
