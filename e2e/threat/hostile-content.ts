/**
 * Content that tries to run something in a page, each saying so on the canary `window.__x` when it could.
 *
 * What is looked at in the end is the page, not the list: no canary, no element or attribute that could run, no
 * violation of the page's policy.
 */

export const RUN = 'window.__x=1'

/** Addresses that are none. Those that run set the canary, here or in who opened them. */
export const BAD_ADDRESSES: readonly string[] = [
  `javascript:${RUN}`,
  'javascript:alert(1)',
  `JaVa\tscript:${RUN}`,
  `java\nscript:${RUN}`,
  `java\r\nscript:${RUN}`,
  `\u0001javascript:${RUN}`,
  `\u00a0javascript:${RUN}`,
  ` \u0020javascript:${RUN}`,
  `javascript\u200b:${RUN}`,
  `javascript&colon;${RUN}`,
  `javascript://%0a${RUN}`,
  `javascript://example.org/%0a${RUN}`,
  `javascript:https://x:99999,${RUN}`,
  `JAVASCRIPT:${RUN}`,
  `data:text/html,<script>opener.__x=1;parent.__x=1</script>`,
  'data:text/html;base64,PHNjcmlwdD5vcGVuZXIuX194PTE8L3NjcmlwdD4=',
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="opener.__x=1"/>`,
  `vbscript:msgbox(1)`,
  'blob:http://127.0.0.1/0b6c5a0e-0000-4000-8000-000000000000',
  'file:///etc/passwd',
  'filesystem:http://127.0.0.1/temporary/x',
  `view-source:javascript:${RUN}`,
  `about:blank#${RUN}`,
  `feed:javascript:${RUN}`,
]

/** Hostile HTML, each a known way past some sanitiser. */
export const BAD_HTML: readonly string[] = [
  `<script>${RUN}</script>`,
  `<img src=x onerror="${RUN}">`,
  `<img src=x:y onerror=${RUN}//`,
  `<svg onload="${RUN}"><g/></svg>`,
  `<svg><script>${RUN}</script></svg>`,
  `<svg><script href="data:,${RUN}"/></svg>`,
  `<svg><animate onbegin="${RUN}" attributeName="x" dur="1s"/></svg>`,
  `<svg><a xlink:href="javascript:${RUN}"><text y="20">x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>${RUN}</script></svg>#x"/></svg>`,
  `<svg></p><style><a id="</style><img src=1 onerror=${RUN}>">`,
  `<svg><set attributeName="href" to="javascript:${RUN}"/></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUN}&gt;">`,
  `<math><a xlink:href="javascript:${RUN}">x</a></math>`,
  `<math><maction actiontype="statusline#http://e" xlink:href="javascript:${RUN}">x</maction></math>`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
  `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<template><script>${RUN}</script></template>`,
  `<iframe src="javascript:parent.${RUN.slice(7)}"></iframe>`,
  `<iframe srcdoc="<script>parent.__x=1</script>"></iframe>`,
  `<object data="javascript:${RUN}"></object>`,
  `<embed src="javascript:${RUN}">`,
  `<base href="javascript:${RUN}//"><a href="#">x</a>`,
  `<meta http-equiv="refresh" content="0;url=javascript:${RUN}">`,
  `<link rel="stylesheet" href="data:text/css,*{background:url(//e)}">`,
  `<style>@import "data:text/css,*{x:expression(${RUN})}";</style>`,
  `<form action="javascript:${RUN}"><input type=submit><button formaction="javascript:${RUN}">x</button></form>`,
  `<input autofocus onfocus="${RUN}">`,
  `<details open ontoggle="${RUN}"><summary>x</summary></details>`,
  `<video><source onerror="${RUN}"></video>`,
  `<audio src=x onerror="${RUN}">`,
  `<body onload="${RUN}"><p>x`,
  `<marquee onstart="${RUN}">x</marquee>`,
  `<div style="background:url(javascript:${RUN})">x</div>`,
  `<div style="animation-name:x" onanimationstart="${RUN}">x</div>`,
  `<p contenteditable onblur="${RUN}" tabindex=0>x</p>`,
  `<a href="https://e.org/" onclick="${RUN}" onmouseover="${RUN}" style="position:fixed;inset:0">x</a>`,
  `<a href="java&#x09;script:${RUN}">x</a>`,
  `<a href="&#1;javascript:${RUN}">x</a>`,
  `<a href="jav&NewLine;ascript&colon;${RUN}">x</a>`,
  `<a href="data:text/html,<script>opener.__x=1</script>" target="_blank">x</a>`,
  `<img srcset="x 1x, javascript:${RUN} 2x" onerror="${RUN}">`,
  `<img src="javascript:${RUN}">`,
  `<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/>">`,
  `<x-unknown onclick="${RUN}" id=__x>x</x-unknown>`,
  `<a id=__x name=__x>x</a><form id=__x name=__x></form>`,
  `<custom-element is="x" onpointerrawupdate="${RUN}">x</custom-element>`,
  `<weft-editor src="https://e.org/d/x"></weft-editor>`,
  `<table background="javascript:${RUN}"><tr><td background="javascript:${RUN}">x</td></tr></table>`,
  `<xmp><p title="</xmp><img src=x onerror=${RUN}>">`,
  `<select><style></select><img src=x onerror=${RUN}></style>`,
  `<textarea><img title="</textarea><img src=x onerror=${RUN}>">`,
  `<!--><img src=x onerror=${RUN}>-->`,
  `<![CDATA[><img src=x onerror=${RUN}>]]>`,
  `<?xml-stylesheet href="javascript:${RUN}"?><p>x</p>`,
  `<p>x</p><img/src="x"/onerror=${RUN}>`,
  `<iframe/onload=${RUN}>`,
  `<a href="https://e.org/\n&quot; onclick=&quot;${RUN}">x</a>`,
]

/** What a finished page must not hold, wherever it is: in shadow roots, too. Runs in the page. */
export function findDanger(): string[] {
  const found: string[] = []
  const allowed = /^(https?:|mailto:|tel:|\/|#|$)/
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      const name = element.tagName.toLowerCase()
      const own =
        name === 'script' &&
        new URL((element as HTMLScriptElement).src, location.href).origin === location.origin
      if (/^(script|iframe|object|embed|base|frame|applet|portal)$/.test(name) && !own)
        found.push(`<${name}>`)
      if (/^(style|link|meta)$/.test(name) && element.closest('.content') !== null)
        found.push(`<${name}> in the text`)
      for (const { name: attribute, value } of element.attributes) {
        if (/^on/i.test(attribute)) found.push(`${name} ${attribute}`)
        const isAddress =
          /^(href|xlink:href|src|srcset|action|formaction|data|background|poster|ping|srcdoc)$/i.test(
            attribute,
          )
        // What a browser makes of it is what counts.
        const address =
          'href' in element && typeof element.href === 'string' && attribute === 'href' ? element.href : value
        const isPicture =
          name === 'img' && attribute === 'src' && /^(data:image\/(png|gif|jpeg|webp);|blob:)/.test(value)
        if (isAddress && !isPicture && !allowed.test(address)) found.push(`${name} ${attribute}=${value}`)
        if (
          attribute === 'style' &&
          /url\(|expression|position:\s*fixed/i.test(value) &&
          element.closest('.content') !== null
        )
          found.push(`${name} style=${value}`)
      }
      if (element.shadowRoot !== null) look(element.shadowRoot)
    }
  }
  look(document)
  return found
}
