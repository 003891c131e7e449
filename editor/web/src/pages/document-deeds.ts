/**
 * What people do to a document of the list, and its menu.
 *
 * Rule: a row shows at once what was done to it; what then fails is said and undone, and the list is asked what is true.
 */
import { type DocumentInfo, inWords } from '../api.ts'
import type { ListSource } from '../list-source.ts'
import { quoted } from '../naming.ts'
import { navigate } from '../navigation.ts'
import type { MenuItem } from '../parts/menu.ts'
import { toast } from '../parts/toast.ts'
import { pathOf } from '../routes.ts'
import type { Services } from '../services.ts'

export class DocumentDeeds {
  private readonly services: Services
  private readonly source: Pick<ListSource, 'replace' | 'refresh'>
  private readonly dropped: (id: string) => () => void

  /** @param dropped takes its row away. @returns what puts it back. */
  constructor(
    services: Services,
    source: Pick<ListSource, 'replace' | 'refresh'>,
    dropped: (id: string) => () => void,
  ) {
    this.services = services
    this.source = source
    this.dropped = dropped
  }

  private get api(): Services['api'] {
    return this.services.api
  }

  async rename(document: DocumentInfo, title: string): Promise<void> {
    if (title === document.title) return
    this.source.replace({ ...document, title })
    await this.told('rename the document', this.api.rename(document.id, title), () =>
      this.source.replace(document),
    )
  }

  async trash(document: DocumentInfo): Promise<void> {
    const putBack = this.dropped(document.id)
    const done = await this.told('move the document to the trash', this.api.trash(document.id), putBack)
    if (!done) return
    toast({
      text: `${quoted(document)} is in the trash.`,
      action: {
        label: 'Undo',
        run: () => void this.told('undo that', this.api.restore(document.id)),
      },
    })
  }

  async restore(document: DocumentInfo): Promise<void> {
    const putBack = this.dropped(document.id)
    const done = await this.told('restore the document', this.api.restore(document.id), putBack)
    if (!done) return
    toast({
      text: `${quoted(document)} is back among your documents.`,
      action: { label: 'Open', run: () => navigate(pathOf({ kind: 'document', id: document.id })) },
    })
  }

  async deleteForGood(document: DocumentInfo): Promise<void> {
    const putBack = this.dropped(document.id)
    if (await this.told('delete the document', this.api.remove(document.id), putBack)) {
      this.services.known.forget(document.id)
      toast({ text: `${quoted(document)} was deleted for good.` })
    }
  }

  async copyLink(document: DocumentInfo): Promise<void> {
    const address = this.services.server + pathOf({ kind: 'document', id: document.id })
    try {
      await navigator.clipboard.writeText(address)
      toast({ text: 'Link copied.' })
    } catch {
      toast({ text: `The browser does not allow copying here: ${address}` })
    }
  }

  /** Waits for the server, says what failed and undoes it, and shows what is true now. @returns whether it was done. */
  private async told(action: string, work: Promise<unknown>, undo?: () => void): Promise<boolean> {
    let done = true
    try {
      await work
    } catch (error) {
      done = false
      undo?.()
      toast({ text: inWords(error, action) })
    }
    await this.source.refresh()
    return done
  }
}

export function menuOf(
  document: DocumentInfo,
  deeds: DocumentDeeds,
  ask: (kind: 'rename' | 'remove') => void,
): MenuItem[] {
  if (document.trashedAt !== null) {
    return [
      { kind: 'action', label: 'Restore', icon: 'restore', run: () => void deeds.restore(document) },
      {
        kind: 'action',
        label: 'Delete for good…',
        icon: 'trash',
        danger: true,
        run: () => ask('remove'),
      },
    ]
  }
  return [
    {
      kind: 'action',
      label: 'Rename…',
      icon: 'pencil',
      run: () => ask('rename'),
    },
    {
      kind: 'action',
      label: 'Copy link',
      icon: 'link',
      run: () => void deeds.copyLink(document),
    },
    { kind: 'separator' },
    {
      kind: 'action',
      label: 'Move to trash',
      icon: 'trash',
      danger: true,
      run: () => void deeds.trash(document),
    },
  ]
}
