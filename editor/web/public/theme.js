/*
 * Applies the chosen theme before the first paint; src/theme.ts does it from then on.
 * A plain script of its own, because a module would come too late and an inline one is forbidden by the security policy.
 */
try {
  const theme = JSON.parse(localStorage.getItem('weft:theme') || 'null')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  /* Storage is blocked: the system's theme it is. */
}
