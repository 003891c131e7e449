/** @returns the path of an executable: the one named by WEFT_TEST_BROWSER first */
export function findBrowser(): string | undefined
