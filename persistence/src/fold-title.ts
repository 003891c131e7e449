/**
 * The form of a title that a search compares: two titles that differ only in case fold alike, in any script.
 *
 * Stored beside the title, because SQLite's own `lower` and `LIKE` know ASCII only.
 */
export function foldTitle(title: string): string {
  // Upper case after lower case meets every variant (ß SS, ς Σ, ſ S); Turkish İ and ı must both find a plain i.
  return title.normalize('NFKD').toLowerCase().toUpperCase().replaceAll('I\u0307', 'I').normalize('NFKC')
}
