/** The elements alone, for pages of others: one script tag, then `<weft-editor src="…">`. */
import '@weft/editor/element'
