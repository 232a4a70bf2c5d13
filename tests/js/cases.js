export const literalCases = [
  ["\u202egnp.exe", "⟨U+202E⟩gnp.exe"],
  ["铃\u0007声", "铃␇声"],
  ["\u0085", "␡"],
  ["行\n二\t三", "行\n二\t三"],
  ["</script>", "</script>"],
];
